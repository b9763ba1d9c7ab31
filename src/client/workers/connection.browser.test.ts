import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { Reply } from '../protocol/reply.ts';
import type { WorkerApi } from '../protocol/worker-api.ts';
import { type Connection, openConnection } from './connection.ts';
import {
  answersRun,
  endWorkers,
  scriptOf,
  silent,
  startedWorkers,
  watchWorkers,
  workerOf,
} from './scripted-worker.conformance.ts';

const start = { threads: 'auto', storage: 'memory' } as const;
const reason = new InsituError('DISPOSED', 'closed by the test', { hint: 'Nothing.' });

beforeEach(watchWorkers);
afterEach(endWorkers);

const open = (url: string): Connection<WorkerApi> =>
  openConnection<WorkerApi>({ worker: new Worker(url), url }, (api) => api.start(start));

/** A call that takes a port, as a load does. */
const load = (connection: Connection<WorkerApi>, signal?: AbortSignal): Promise<unknown> =>
  connection.call((api, port) => api.load({} as Parameters<WorkerApi['load']>[0], port!), {
    signal: signal ?? new AbortController().signal,
  });
const run = (connection: Connection<WorkerApi>, input: unknown = 'text') =>
  connection.call((api, port) => api.run({ modelId: 1, input, options: {} }, port));

describe('a worker that does not start', () => {
  it('because its script throws rejects what waits and what comes later, with the reason', async () => {
    const connection = open(scriptOf('throw new Error("no good on this browser")'));
    for (const call of [run(connection), run(connection)]) {
      await expect(call).rejects.toMatchObject({
        code: 'WORKER_START_FAILED',
        cause: { message: expect.stringContaining('no good on this browser') },
      });
    }
    expect(connection.dead).toBe(true);
    await expect(run(connection)).rejects.toMatchObject({ code: 'WORKER_START_FAILED' });
  });

  it('because its script is none rejects', async () => {
    await expect(run(open(scriptOf('this is not a script')))).rejects.toMatchObject({
      code: 'WORKER_START_FAILED',
      hint: expect.stringMatching(/\w{3}/),
    });
  });

  it('because it says so rejects with what it says', async () => {
    const error = { code: 'DEVICE_UNAVAILABLE', message: 'No SIMD.', hint: 'Use another browser.', retryable: false };
    const connection = open(
      workerOf({ ...answersRun, run: silent, start: `() => ({ ok: false, error: ${JSON.stringify(error)} })` }),
    );
    await expect(run(connection)).rejects.toMatchObject(error);
    expect(connection.dead).toBe(true);
  });
});

describe('a worker whose message cannot be read', () => {
  it('counts as crashed, and every call that waits is told', async () => {
    const connection = open(workerOf({ ...answersRun, load: silent }));
    expect(await run(connection, 'the control')).toBe('the control');
    const waiting = [load(connection), load(connection)];
    // Nothing that one realm can send is unreadable for another of the same browser, so the event is made here.
    startedWorkers[0]!.dispatchEvent(new MessageEvent('messageerror'));
    for (const call of waiting) await expect(call).rejects.toMatchObject({ code: 'WORKER_CRASHED', retryable: true });
    await expect(run(connection)).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
    expect(connection.dead).toBe(true);
  });
});

describe('a connection that was closed', () => {
  it('rejects what waits and what comes later with the reason it was closed for', async () => {
    const connection = open(workerOf({ ...answersRun, load: silent }));
    expect(await run(connection, 'the control')).toBe('the control');
    const waiting = load(connection);
    connection.close(reason);
    connection.close(new InsituError('INTERNAL', 'a second reason', { hint: 'Nothing.' }));
    await expect(waiting).rejects.toBe(reason);
    await expect(run(connection)).rejects.toBe(reason);
  });

  it('before its worker has started rejects in the same way, and nothing is left unhandled', async () => {
    const unhandled = vi.fn();
    addEventListener('unhandledrejection', unhandled);
    try {
      const connection = open(workerOf({ start: silent, ...answersRun }));
      const waiting = run(connection);
      connection.close(reason);
      await expect(waiting).rejects.toBe(reason);
      await new Promise((resolve) => setTimeout(resolve));
    } finally {
      removeEventListener('unhandledrejection', unhandled);
    }
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe('an abort', () => {
  it('rejects at once with the very reason, tells the worker, and leaves the connection in order', async () => {
    const connection = open(
      workerOf({
        ...answersRun,
        load: `(_, port) => new Promise(() => {
          port.onmessage = ({ data }) => (globalThis.heard = data.type);
        })`,
        unload: '() => ({ ok: true, value: globalThis.heard ?? null })',
      }),
    );
    expect(await run(connection, 'the control')).toBe('the control');
    const controller = new AbortController();
    const waiting = load(connection, controller.signal);
    const why = { any: 'reason' };
    controller.abort(why);
    await expect(waiting).rejects.toBe(why);
    await expect.poll(() => connection.call((api) => api.unload(1))).toBe('abort');
    expect(await run(connection, 'still there')).toBe('still there');
  });

  it('that came before sends nothing', async () => {
    const connection = open(workerOf(answersRun));
    const method = vi.fn(async (): Promise<Reply<null>> => ({ ok: true, value: null }));
    await expect(connection.call(method, { signal: AbortSignal.abort('before') })).rejects.toBe('before');
    expect(method).not.toHaveBeenCalled();
  });

  it('that comes later finds nobody listening', async () => {
    const connection = open(workerOf({ load: `(_, port) => ({ ok: true, value: 'done' })` }));
    const controller = new AbortController();
    const added = vi.spyOn(controller.signal, 'addEventListener');
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    expect(await load(connection, controller.signal)).toBe('done');
    await expect.poll(() => removed.mock.calls.length).toBe(added.mock.calls.length);
  });
});

describe('a connection without a first call', () => {
  it('calls what it is asked for, and nothing else', async () => {
    const url = workerOf({ ...answersRun, start: '() => { throw new Error("nobody asked for this"); }' });
    const connection = openConnection<WorkerApi>({ worker: new Worker(url), url });
    expect(await run(connection, 'text')).toBe('text');
    expect(connection.dead).toBe(false);
  });
});

describe('idle', () => {
  it('is a connection that waits for nothing, or is dead', async () => {
    const connection = open(workerOf({ ...answersRun, load: silent }));
    expect(await run(connection, 'the control')).toBe('the control');
    await connection.idle();
    const waiting = load(connection);
    waiting.catch(() => {});
    connection.close(reason);
    await connection.idle();
    await expect(waiting).rejects.toBe(reason);
  });

  it('is one whose worker has answered what was aborted', async () => {
    const connection = open(
      workerOf({
        ...answersRun,
        load: '() => new Promise((resolve) => (globalThis.answer = resolve))',
        unload: '() => { globalThis.answer({ ok: true, value: null }); return { ok: true, value: null }; }',
      }),
    );
    expect(await run(connection, 'the control')).toBe('the control');
    const controller = new AbortController();
    const waiting = load(connection, controller.signal);
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    let idle = false;
    const resting = connection.idle().then(() => (idle = true));
    expect(await run(connection, 'still at work')).toBe('still at work');
    expect(idle).toBe(false);
    await connection.call((api) => api.unload(1));
    await resting;
  });

  it('is one whose worker takes too long over it', async () => {
    const connection = open(workerOf({ ...answersRun, load: silent }));
    expect(await run(connection, 'the control')).toBe('the control');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const controller = new AbortController();
      const waiting = load(connection, controller.signal);
      controller.abort('enough');
      await expect(waiting).rejects.toBe('enough');
      let idle = false;
      const resting = connection.idle().then(() => (idle = true));
      await vi.advanceTimersByTimeAsync(2999);
      expect(idle).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      await resting;
      expect(connection.dead, 'it only rests').toBe(false);
    } finally {
      vi.useRealTimers();
    }
  });
});
