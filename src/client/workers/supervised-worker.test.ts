import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { FakeWorker, failed, never, ok, stubPage } from '../fake-worker.conformance.ts';
import { supervise, superviseStarted, turn } from './supervise-fake.conformance.ts';

const reason = new InsituError('DISPOSED', 'closed by the test', { hint: 'Nothing.' });

beforeEach(() => stubPage({ start: () => ok(null), run: (run: { inputs: unknown[] }) => ok(run.inputs[0]) }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a worker that starts', () => {
  it('is ready when its first call is answered', async () => {
    const { worker, states, fake } = supervise();
    expect(worker.state).toBe('starting');
    expect(states).toEqual([]);
    await turn();
    expect(fake.calls).toEqual(['start']);
    expect(worker.state).toBe('ready');
    expect(states).toEqual(['ready']);
  });

  it('is ready at once where it has no first call', () => {
    const { worker, fake } = supervise({ begin: undefined as never });
    expect(worker.state).toBe('ready');
    expect(fake.calls).toEqual([]);
  });

  it('is no busier for the calls that wait for it, until it has started', async () => {
    let begin = () => {};
    FakeWorker.answers['start'] = () => new Promise((resolve) => (begin = () => resolve({ ok: true, value: null })));
    FakeWorker.answers['run'] = never;
    const { worker, states, run } = supervise();
    void run().catch(() => {});
    await turn();
    expect(worker.state).toBe('starting');
    expect(worker.waiting).toBe(2);
    begin();
    await turn();
    expect(worker.state).toBe('busy');
    expect(states).toEqual(['busy']);
  });

  it('is dead when its first call fails, and whoever waits is told why', async () => {
    FakeWorker.answers['start'] = failed;
    FakeWorker.answers['run'] = never;
    const { worker, states, onDeath, fake, run } = supervise();
    await expect(run()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(worker.state).toBe('dead');
    expect(worker.death).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(states).toEqual(['dead']);
    expect(onDeath.mock.calls).toEqual([[worker.death]]);
    expect(fake.terminated).toBe(true);
    await expect(run()).rejects.toBe(worker.death);
  });
});

describe('a worker with calls', () => {
  it('is busy until the last one is answered', async () => {
    const { worker, states, run } = await superviseStarted();
    const [one, other] = [run(), run()];
    expect(worker.state).toBe('busy');
    await Promise.all([one, other]);
    expect(worker.state).toBe('ready');
    expect(states).toEqual(['busy', 'ready']);
  });

  it('is busy with a call that was aborted, until it has stopped', async () => {
    const { worker, states, run } = await superviseStarted();
    let stop = () => {};
    FakeWorker.answers['run'] = () => new Promise((resolve) => (stop = () => resolve({ ok: true, value: null })));
    const controller = new AbortController();
    const running = run('text', controller.signal);
    await turn();
    controller.abort('enough');
    await expect(running).rejects.toBe('enough');
    expect(worker.state).toBe('busy');
    stop();
    await turn();
    expect(worker.state).toBe('ready');
    expect(states).toEqual(['busy', 'ready']);
  });

  it('is ready when one fails', async () => {
    const { worker, run } = await superviseStarted();
    FakeWorker.answers['run'] = failed;
    await expect(run()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(worker.state).toBe('ready');
  });
});

describe('a worker that is closed', () => {
  it('rejects what waits and what comes later with the reason', async () => {
    const { worker, fake, states, onDeath, run } = await superviseStarted();
    FakeWorker.answers['run'] = never;
    const waiting = run();
    const closed = worker.close(reason);
    expect(worker.state, 'at once').toBe('dead');
    expect(fake.terminated).toBe(true);
    await expect(waiting).rejects.toBe(reason);
    await closed;
    await worker.close(new InsituError('INTERNAL', 'a second reason', { hint: 'Nothing.' }));
    await expect(run()).rejects.toBe(reason);
    expect(states).toEqual(['busy', 'dead']);
    expect(onDeath.mock.calls).toEqual([[reason]]);
  });

  it('before it has started is dead, and stays it', async () => {
    const { worker, states } = supervise();
    await worker.close(reason);
    await turn();
    expect(worker.state).toBe('dead');
    expect(states).toEqual(['dead']);
  });
});

describe('a worker that drains', () => {
  it('ends at once where nobody waits for it', async () => {
    const { worker, fake, states } = await superviseStarted();
    await worker.drain(reason);
    expect(states).toEqual(['draining', 'dead']);
    expect(worker.death).toBe(reason);
    expect(fake.terminated).toBe(true);
  });

  it('answers first', async () => {
    const { worker, fake, states, run } = await superviseStarted();
    let answer = () => {};
    FakeWorker.answers['run'] = () => new Promise((resolve) => (answer = () => resolve({ ok: true, value: 'done' })));
    const running = run();
    await turn();
    const drained = worker.drain(reason);
    expect(worker.state).toBe('draining');
    await turn();
    expect(fake.terminated).toBe(false);
    answer();
    expect(await running).toBe('done');
    await drained;
    expect(states).toEqual(['busy', 'draining', 'dead']);
  });

  it('is ended all the same when it takes longer than three seconds', async () => {
    const { worker, run } = await superviseStarted();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    FakeWorker.answers['run'] = never;
    const outcome = run().catch((error: unknown) => error);
    const drained = worker.drain(reason);
    await vi.advanceTimersByTimeAsync(2999);
    expect(worker.state).toBe('draining');
    await vi.advanceTimersByTimeAsync(1);
    await drained;
    expect(await outcome).toBe(reason);
  });

  it('may die meanwhile', async () => {
    const { worker, fake, states, run } = await superviseStarted();
    FakeWorker.answers['run'] = never;
    const outcome = run().catch((error: unknown) => error);
    await turn();
    const drained = worker.drain(reason);
    fake.crash('out of luck');
    await drained;
    expect(await outcome).toMatchObject({ code: 'WORKER_CRASHED' });
    expect(worker.death).toBe(await outcome);
    expect(states).toEqual(['busy', 'draining', 'dead']);
  });
});

describe('a message of another protocol', () => {
  it.each([{ type: 'greeting' }, null, 'good morning'])('is left alone: %o', async (message) => {
    const { worker, fake } = await superviseStarted();
    fake.say(message as never);
    expect(worker.state).toBe('ready');
  });
});
