import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import type { LoadRequest, WorkerApi } from '../../protocol/worker-api.ts';
import {
  answersRun,
  endWorkers,
  silent,
  spawnAnswering,
  startedWorkers,
  watchWorkers,
} from './scripted-worker.conformance.ts';
import { type WorkerState, superviseWorker } from './supervised-worker.ts';

/** A worker that starts on a loaded machine is silent for some time, too. */
const hangTimeout = 3000;
const patience = 60_000;
const reason = new InsituError('DISPOSED', 'closed by the test', { hint: 'Nothing.' });

beforeEach(watchWorkers);
afterEach(endWorkers);

/** Locks that workers hold, and those that the page waits for. */
async function lifeLocks() {
  // Locks of the page itself are known by one that it holds now.
  const { held = [], pending = [] } = await navigator.locks.request('of this page', () => navigator.locks.query());
  const page = held.find(({ name }) => name === 'of this page')?.clientId;
  const lives = (lock: LockInfo) => lock.name?.startsWith('insitu worker ') ?? false;
  return {
    held: held.filter((lock) => lives(lock) && lock.clientId !== page).length,
    awaited: pending.filter(lives).length,
  };
}

/** A worker that has answered, and whose life lock is watched. Locks are the only way to learn of its end unless it may hang. */
async function supervise(answers: Record<string, string>, timeout: number | false = false) {
  const states: WorkerState[] = [];
  const worker = superviseWorker<WorkerApi>(spawnAnswering({ ...answersRun, ...answers }), {
    hangTimeout: timeout,
    onState: (state) => states.push(state),
  });
  const run = (input: string) =>
    worker.call('run', {
      modelId: 1,
      inputs: [input],
      options: {},
      priority: 'normal',
      stream: false,
      progress: false,
    });
  const load = () => worker.call('load', {} as LoadRequest).catch((error: unknown) => error);
  expect(await run('the control')).toBe('the control');
  await expect.poll(lifeLocks).toEqual({ held: 1, awaited: 1 });
  return { worker, states, run, load };
}

describe('the end of a worker', () => {
  it('is noticed at once though it makes no event: it was terminated from outside', async () => {
    const { worker, states, load } = await supervise({ load: silent });
    const waiting = load();
    startedWorkers[0]!.terminate();
    expect(await waiting).toMatchObject({ code: 'WORKER_CRASHED', retryable: true });
    expect(worker.state).toBe('dead');
    expect(states.at(-1)).toBe('dead');
    expect(await lifeLocks()).toEqual({ held: 0, awaited: 0 });
  });

  it('is noticed at once though it makes no event: it closed itself', async () => {
    const { worker, load } = await supervise({ load: '() => { close(); return new Promise(() => {}); }' });
    expect(await load()).toMatchObject({ code: 'WORKER_CRASHED' });
    expect(worker.state).toBe('dead');
  });

  it('is noticed while nobody waits for it, too', async () => {
    const { worker } = await supervise({});
    startedWorkers[0]!.terminate();
    await expect.poll(() => worker.death).toMatchObject({ code: 'WORKER_CRASHED' });
  });

  it('has come when it was closed', async () => {
    const { worker, load } = await supervise({ load: silent });
    const waiting = load();
    await worker.close(reason);
    expect(await lifeLocks()).toEqual({ held: 0, awaited: 0 });
    expect(await waiting).toBe(reason);
  });

  it('has come when it was drained', async () => {
    const { worker, states } = await supervise({});
    await worker.drain(reason);
    expect(await lifeLocks()).toEqual({ held: 0, awaited: 0 });
    expect(states.slice(-2)).toEqual(['draining', 'dead']);
  });
});

describe('a worker in which nobody handles a rejection', () => {
  it('has crashed, and its calls are told what it was', async () => {
    const { worker, load } = await supervise({
      load: `() => {
        Promise.reject(new RangeError('nobody looked'));
        return new Promise(() => {});
      }`,
    });
    expect(await load()).toMatchObject({
      code: 'WORKER_CRASHED',
      message: expect.stringContaining('nobody looked'),
      cause: { message: 'nobody looked' },
    });
    expect(worker.state).toBe('dead');
  });
});

describe('a worker that computes for ever', () => {
  it(
    'is ended after its time, and its calls are told',
    async () => {
      const { worker, states, load } = await supervise({ load: '() => { for (;;); }' }, hangTimeout);
      expect(await load()).toMatchObject({ code: 'WORKER_UNRESPONSIVE', retryable: true });
      expect(worker.state).toBe('dead');
      expect(states.slice(-2)).toEqual(['busy', 'dead']);
      await expect.poll(lifeLocks, { timeout: patience }).toEqual({ held: 0, awaited: 0 });
    },
    patience,
  );

  it(
    'is not what takes longer and lets the channel speak in between',
    async () => {
      // Steps of work with an end, as of a model, that together take longer than a silence may.
      const steps = `async () => {
        const end = performance.now() + ${1.5 * hangTimeout};
        while (performance.now() < end) {
          const step = performance.now() + 50;
          while (performance.now() < step);
          await new Promise((resolve) => setTimeout(resolve));
        }
        return { ok: true, value: 'done' };
      }`;
      const { load } = await supervise({ load: steps }, hangTimeout);
      expect(await load()).toBe('done');
    },
    patience,
  );
});
