import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { LoadEvent } from '../protocol/load-event.ts';
import type { Reply } from '../protocol/reply.ts';
import type { LoadedModel, WorkerApi } from '../protocol/worker-api.ts';
import { type Connection, openConnection } from './connection.ts';

const start = { threads: 'auto', storage: 'memory' } as const;
const reason = new InsituError('DISPOSED', 'closed by the test', { hint: 'Nothing.' });

/** Every worker that was started, so that a test can end or provoke it from outside. */
let workers: Worker[] = [];
let urls: string[] = [];

beforeEach(() => {
  workers = [];
  urls = [];
  const RealWorker = Worker;
  vi.stubGlobal(
    'Worker',
    class extends RealWorker {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        workers.push(this);
      }
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const worker of workers) worker.terminate();
  for (const url of urls) URL.revokeObjectURL(url);
});

/**
 * A worker that answers Comlink's messages with what `answers` gives for a method: the source of functions of its arguments.
 * `start` is answered.
 */
function workerOf(answers: Record<string, string>): string {
  const methods = Object.entries({ start: '() => ({ ok: true, value: null })', ...answers });
  return scriptOf(`
    const methods = { ${methods.map(([name, source]) => `${name}: ${source}`).join(', ')} };
    onmessage = async ({ data: { id, path, argumentList } }) => {
      const value = await methods[path[0]](...argumentList.map(({ value }) => value));
      postMessage({ id, type: 'RAW', value });
    };`);
}

function scriptOf(source: string): string {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  urls.push(url);
  return url;
}

const open = (workerUrl: string) => openConnection({ workerUrl }, start);

/** A call that takes a port, as a load does. */
const load = (connection: Connection, signal?: AbortSignal, onLoadEvent?: (event: LoadEvent) => void) =>
  connection.call<LoadedModel>((api, port) => api.load({} as Parameters<WorkerApi['load']>[0], port!), {
    signal,
    onLoadEvent,
  });
const run = (connection: Connection, input: unknown = 'text') =>
  connection.call((api, port) => api.run({ modelId: 1, input, options: {} }, port));

const answersRun = { run: '({ input }) => ({ ok: true, value: input })' };
const silent = '() => new Promise(() => {})';

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
    workers[0]!.dispatchEvent(new MessageEvent('messageerror'));
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

describe('load events', () => {
  it('have all arrived when the load resolves, though its answer overtook them', async () => {
    const connection = open(
      workerOf({
        // The answer leaves first; the events follow in a later task.
        load: `(_, port) => {
          setTimeout(() => {
            for (const loaded of [1, 2, 3]) port.postMessage({ type: 'load-event', event: { loaded } });
            port.postMessage({ type: 'end' });
          }, 20);
          return { ok: true, value: { modelId: 1 } };
        }`,
      }),
    );
    const events: number[] = [];
    expect(await load(connection, undefined, ({ loaded }) => void events.push(loaded))).toEqual({ modelId: 1 });
    expect(events).toEqual([1, 2, 3]);
  });

  it('end with the death of the worker, and the load is told', async () => {
    const connection = open(
      workerOf({
        ...answersRun,
        load: `(_, port) => {
          port.postMessage({ type: 'load-event', event: { loaded: 1 } });
          setTimeout(() => { throw new Error('in the middle of a load'); });
          return new Promise(() => {});
        }`,
      }),
    );
    expect(await run(connection, 'the control')).toBe('the control');
    await expect(load(connection, undefined, () => {})).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      message: expect.stringContaining('in the middle of a load'),
    });
  });
});
