import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { toErrorRecord } from '../../protocol/reply.ts';
import { FakeWorker, never, ok, stubPage, untilAborted } from '../fake-worker.conformance.ts';
import { supervise, superviseStarted, turn } from './supervise-fake.conformance.ts';

const reason = new InsituError('DISPOSED', 'closed by the test', { hint: 'Nothing.' });

beforeEach(() => stubPage({ start: () => ok(null), run: (run: { inputs: unknown[] }) => ok(run.inputs[0]) }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('a worker that hangs', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'] });
  });

  it('is ended, and its calls reject with WORKER_UNRESPONSIVE', async () => {
    const { worker, fake, states, onDeath, run } = await superviseStarted({ hangTimeout: 800 });
    fake.hung = true;
    const outcome = run().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(800);
    expect(worker.state).toBe('busy');
    expect(fake.pings).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(await outcome).toMatchObject({
      code: 'WORKER_UNRESPONSIVE',
      message: expect.stringContaining('0.8 s'),
      hint: expect.stringContaining('hangTimeout'),
      retryable: true,
    });
    expect(await outcome).toBe(worker.death);
    expect(fake.terminated).toBe(true);
    expect(states).toEqual(['busy', 'dead']);
    expect(onDeath.mock.calls).toEqual([[worker.death]]);
    expect(vi.getTimerCount(), 'nobody looks after it any more').toBe(0);
  });

  it('before it has started is ended too', async () => {
    FakeWorker.answers['start'] = never;
    const { worker, fake } = supervise({ hangTimeout: 800 });
    fake.hung = true;
    await vi.advanceTimersByTimeAsync(1000);
    expect(worker.death).toMatchObject({ code: 'WORKER_UNRESPONSIVE' });
  });

  it('is not what works for long and gives signs of life', async () => {
    const { worker, fake, run } = await superviseStarted({ hangTimeout: 800 });
    FakeWorker.answers['run'] = untilAborted;
    const controller = new AbortController();
    const running = run('text', controller.signal);
    running.catch(() => {});
    await vi.advanceTimersByTimeAsync(60_000);
    expect(worker.state).toBe('busy');
    fake.hung = true;
    await vi.advanceTimersByTimeAsync(1000);
    expect(worker.death, 'the control').toMatchObject({ code: 'WORKER_UNRESPONSIVE' });
  });

  it('is not noticed while nobody waits for it, but with the next call', async () => {
    const { worker, fake, run } = await superviseStarted({ hangTimeout: 800 });
    fake.hung = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(worker.state).toBe('ready');
    const outcome = run().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await outcome).toMatchObject({ code: 'WORKER_UNRESPONSIVE' });
  });

  it.each([false, Infinity] as const)('is left alone where it may take for ever: %s', async (hangTimeout) => {
    const { worker, fake, run } = await superviseStarted({ hangTimeout });
    fake.hung = true;
    void run();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(worker.state).toBe('busy');
    expect(fake.pings).toBe(0);
  });
});

describe('a worker in which something fails', () => {
  const fault = (thrown: unknown) => ({ type: 'fault', error: toErrorRecord(thrown) });

  it('outside of any call has crashed, with the failure as the cause', async () => {
    const { worker, fake, states, run } = await superviseStarted();
    FakeWorker.answers['run'] = never;
    const waiting = run();
    fake.say(fault(new TypeError('nobody looked')));
    await expect(waiting).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      message: expect.stringContaining('nobody looked'),
      retryable: true,
      cause: { code: 'INTERNAL', cause: { name: 'TypeError', message: 'nobody looked' } },
    });
    expect(worker.state).toBe('dead');
    expect(fake.terminated).toBe(true);
    expect(states).toEqual(['busy', 'dead']);
  });

  it('that has a name of its own is told as it is', async () => {
    const { worker, fake } = await superviseStarted();
    fake.say(fault(new InsituError('CSP_BLOCKED', 'The policy refused it.', { hint: 'Allow it.' })));
    expect(worker.death).toMatchObject({ code: 'CSP_BLOCKED', message: 'The policy refused it.', hint: 'Allow it.' });
  });

  it('by an exception has crashed', async () => {
    const { worker, fake, onDeath } = await superviseStarted();
    fake.crash('out of luck');
    expect(worker.death).toMatchObject({ code: 'WORKER_CRASHED', message: expect.stringContaining('out of luck') });
    fake.crash('once more');
    expect(onDeath).toHaveBeenCalledOnce();
  });
});

describe('a worker that ends without a word', () => {
  /** Asked for in the order: by the worker, and by the page once it knows that the worker holds it. */
  const stubLocks = () => {
    const request = vi.fn<(name: string, granted: () => void) => Promise<void>>(never);
    vi.stubGlobal('navigator', { locks: { request } });
    return request;
  };

  it('is noticed at once when its lock falls to the page', async () => {
    const request = stubLocks();
    const post = vi.spyOn(FakeWorker.prototype, 'postMessage');
    const { worker, fake, states, run } = await superviseStarted();
    const { lock } = post.mock.calls[0]![0] as { type: 'hold'; lock: string };
    expect(post.mock.calls[0]![0], 'before the first call').toEqual({ type: 'hold', lock: expect.any(String) });
    expect(request).not.toHaveBeenCalled();
    fake.say({ type: 'held' });
    expect(request).toHaveBeenCalledExactlyOnceWith(lock, expect.any(Function));

    FakeWorker.answers['run'] = never;
    const waiting = run();
    request.mock.calls[0]![1]();
    await expect(waiting).rejects.toMatchObject({ code: 'WORKER_CRASHED', retryable: true });
    expect(worker.state).toBe('dead');
    expect(states).toEqual(['busy', 'dead']);
  });

  it('is asked to hold nothing where there are no locks', async () => {
    const post = vi.spyOn(FakeWorker.prototype, 'postMessage');
    await superviseStarted();
    expect(post.mock.calls.map(([{ type }]) => type)).toEqual(['call', 'call']);
  });

  it('because it was closed is gone when its lock falls', async () => {
    const request = stubLocks();
    let fall = () => {};
    request.mockImplementation((_, granted) => new Promise((resolve) => (fall = () => resolve(granted()))));
    const { worker, fake } = await superviseStarted();
    fake.say({ type: 'held' });
    const gone = vi.fn();
    const closed = worker.close(reason).then(gone);
    await turn();
    expect(gone).not.toHaveBeenCalled();
    fall();
    await closed;
    expect(worker.death, 'not a crash').toBe(reason);
  });
});
