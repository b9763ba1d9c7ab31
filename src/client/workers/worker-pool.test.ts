import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { type FakeSupervised, crash, createFakeSupervised } from './fake-model-worker.conformance.ts';
import { type ModelWorker, type OpenOptions, createWorkerPool } from './worker-pool.ts';

const reason = new InsituError('DISPOSED', 'closed by the test', { hint: 'Nothing.' });
const nobody: ReadonlySet<ModelWorker> = new Set();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A pool, and all that it has opened. */
function createPool(size: number) {
  const opened: (FakeSupervised & Pick<OpenOptions, 'isolated' | 'warm'>)[] = [];
  const states: [number, string][] = [];
  const onDeath = vi.fn();
  const pool = createWorkerPool({
    size,
    open({ isolated, warm, ...hooks }) {
      const fake = createFakeSupervised(hooks);
      opened.push({ ...fake, isolated, warm });
      return fake.worker;
    },
    onState: ({ id, state }) => states.push([id, state]),
    onDeath,
  });
  const place = (others: ReadonlySet<ModelWorker> = nobody) => pool.place({ isolated: false, others });
  const isolate = () => pool.place({ isolated: true, others: nobody });
  return { pool, place, isolate, opened, states, onDeath };
}

describe('a place for a model', () => {
  it('is a worker of its own while the pool has room, and then the one with the fewest', () => {
    const { place, opened } = createPool(2);
    const workers = [place(), place(), place(), place(), place()];
    expect(workers.map(({ id }) => id)).toEqual([1, 2, 1, 2, 1]);
    expect(opened).toHaveLength(2);
    expect(workers[0]!.seats).toBe(3);
    expect(workers[1]!.seats).toBe(2);
  });

  it('is in the only worker of a pool of one', () => {
    const { place, opened } = createPool(1);
    expect(place()).toBe(place());
    expect(opened).toHaveLength(1);
  });

  it('is a new worker once more, where one has ended with its last model', async () => {
    const { pool, place } = createPool(2);
    const [first, second] = [place(), place()];
    place();
    await pool.leave(first!);
    await pool.leave(second!);
    expect(second!.state, 'nothing is left in it').toBe('dead');
    expect(place().id).toBe(3);
    expect(place().id, 'both have one').toBe(1);
  });

  it('is not where the model is already', () => {
    const { place } = createPool(2);
    const first = place();
    const others = new Set([first]);
    const second = place(others);
    expect(second).not.toBe(first);
    place();
    expect(place(others), 'not the one with fewer models').toBe(second);
  });

  it('is a worker more where the model is in all of them', () => {
    const { place, pool } = createPool(1);
    const first = place();
    expect(place(new Set([first]))).not.toBe(first);
    expect(pool.workers).toHaveLength(2);
  });

  it.each([
    ['is dead', (worker: FakeSupervised) => worker.die(crash())],
    ['is about to end', (worker: FakeSupervised) => worker.enter('draining')],
  ])('is never in a worker that %s', (_, end) => {
    const { place, opened } = createPool(1);
    const first = place();
    end(opened[0]!);
    expect(place()).not.toBe(first);
    expect(opened).toHaveLength(2);
  });

  it('of an isolated one is a worker for it alone, beside those of the pool', () => {
    const { place, isolate, opened } = createPool(1);
    const shared = place();
    const [one, other] = [isolate(), isolate()];
    expect(new Set([shared, one, other]).size).toBe(3);
    expect(place(), 'nothing is put to it').toBe(shared);
    expect(opened.map(({ isolated }) => isolated)).toEqual([false, true, true]);
    expect(one.isolated).toBe(true);
  });
});

describe('a worker of a pool', () => {
  it('has a number of its own, and says what it does', () => {
    const { pool, place, opened, states } = createPool(2);
    const [one, other] = [place(), place()];
    expect(pool.workers).toEqual([one, other]);
    expect(one!.state).toBe('starting');
    opened[0]!.enter('ready');
    expect(one!.state, 'not as it was when it was opened').toBe('ready');
    expect(states).toEqual([
      [1, 'starting'],
      [2, 'starting'],
      [1, 'ready'],
    ]);
  });

  it('ends with its last model', async () => {
    const { pool, place, opened } = createPool(1);
    const worker = place();
    place();
    await pool.leave(worker);
    expect(worker.state).toBe('starting');
    await pool.leave(worker);
    expect(opened[0]!.worker.death).toMatchObject({ code: 'DISPOSED' });
    expect(pool.workers).toEqual([]);
  });

  it('answers before it ends, and takes no model meanwhile', async () => {
    const { pool, place, opened } = createPool(1);
    const worker = place();
    void worker.call('unload', 1);
    const left = pool.leave(worker);
    expect(worker.state).toBe('draining');
    expect(place()).not.toBe(worker);
    opened[0]!.open('unload')[0]!.answer();
    await left;
    expect(worker.state).toBe('dead');
  });

  it('that dies is told of, and is none of the pool any more', async () => {
    const { pool, place, opened, onDeath } = createPool(2);
    const [died, other] = [place(), place()];
    const why = crash();
    opened[0]!.die(why);
    expect(onDeath.mock.calls).toEqual([[died, why]]);
    expect(pool.workers).toEqual([other]);
    await pool.leave(died!);
  });
});

describe('the spare', () => {
  it('is warm, is no worker of the pool, and there is only one', () => {
    const { pool, opened } = createPool(1);
    expect(pool.spare).toBeUndefined();
    pool.warm();
    pool.warm();
    expect(pool.workers).toEqual([]);
    expect(pool.spare).toMatchObject({ id: 1, seats: 0 });
    expect(opened.map(({ warm }) => warm)).toEqual([true]);
  });

  it('is taken where a worker is missing, and not where one is there', () => {
    const { pool, place, opened } = createPool(1);
    const first = place();
    pool.warm();
    const { spare } = pool;
    expect(place()).toBe(first);
    expect(pool.spare).toBe(spare);
    opened[0]!.die(crash());
    expect(place()).toBe(spare);
    expect(pool.spare).toBeUndefined();
    expect(pool.workers).toEqual([spare]);
    expect(opened.map(({ warm }) => warm)).toEqual([false, true]);
  });

  it('is not for isolated models', () => {
    const { pool, isolate } = createPool(1);
    pool.warm();
    expect(isolate()).not.toBe(pool.spare);
    expect(pool.spare).toBeDefined();
  });

  it('that dies is replaced when it is wanted again', () => {
    const { pool, opened, onDeath, place } = createPool(1);
    pool.warm();
    const { spare } = pool;
    opened[0]!.die(crash());
    expect(pool.spare).toBeUndefined();
    expect(onDeath.mock.calls[0]![0]).toBe(spare);
    expect(place()).not.toBe(spare);
    pool.warm();
    expect(pool.spare!.id).toBe(3);
  });

  it('ends when nobody has wanted it for a minute', async () => {
    const { pool, opened } = createPool(1);
    pool.warm();
    await vi.advanceTimersByTimeAsync(59_000);
    pool.warm();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(opened[0]!.worker.state).toBe('starting');
    await vi.advanceTimersByTimeAsync(1);
    expect(opened[0]!.worker.death).toMatchObject({ code: 'DISPOSED' });
    expect(pool.spare).toBeUndefined();
  });

  it('that was taken does not end then', async () => {
    const { pool, place } = createPool(1);
    pool.warm();
    const worker = place();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(worker.death).toBeUndefined();
  });

  it('ends when it is told to', async () => {
    const { pool, opened } = createPool(1);
    await pool.cool();
    pool.warm();
    await pool.cool();
    expect(opened[0]!.worker.death).toMatchObject({ code: 'DISPOSED' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a pool that is closed', () => {
  it('ends all of its workers for the reason', async () => {
    const { pool, place, isolate, opened } = createPool(2);
    place();
    place();
    isolate();
    pool.warm();
    await pool.close(reason);
    expect(opened.map(({ worker }) => worker.death)).toEqual([reason, reason, reason, reason]);
    expect(pool.workers).toEqual([]);
    expect(pool.spare).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});
