import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerApi } from '../protocol/worker-api.ts';
import { type Connection, openConnection } from './connection.ts';
import { answersRun, endWorkers, watchWorkers, workerOf } from './scripted-worker.conformance.ts';

beforeEach(watchWorkers);
afterEach(endWorkers);

function open(answers: Record<string, string>): Connection<WorkerApi> {
  const url = workerOf({ ...answersRun, ...answers });
  return openConnection<WorkerApi>({ worker: new Worker(url), url });
}

interface Counted {
  loaded: number;
}

const load = (connection: Connection<WorkerApi>, onEvent?: (event: Counted) => void, signal?: AbortSignal) =>
  connection.call<unknown, Counted>((api, port) => api.load({} as Parameters<WorkerApi['load']>[0], port!), {
    signal,
    onEvent,
  });
const run = (connection: Connection<WorkerApi>, input: string) =>
  connection.call((api, port) => api.run({ modelId: 1, input, options: {} }, port));
const unload = (connection: Connection<WorkerApi>) => connection.call((api) => api.unload(1));

/** A load that goes on telling after its answer, each time that `unload` is called. */
const tellsLater = {
  load: `(_, port) => {
    globalThis.port = port;
    globalThis.count = 1;
    port.postMessage({ type: 'event', event: { loaded: 1 } });
    port.postMessage({ type: 'answered' });
    return { ok: true, value: { modelId: 1 } };
  }`,
  unload: `() => {
    port.postMessage({ type: 'event', event: { loaded: ++count } });
    if (count === 3) port.postMessage({ type: 'end' });
    return { ok: true, value: null };
  }`,
};

describe('events of a call', () => {
  it.each(['answered', 'end'])(
    'have all arrived when it resolves, though its answer overtook them: %s',
    async (last) => {
      const connection = open({
        // The answer leaves first; the events follow in a later task.
        load: `(_, port) => {
        setTimeout(() => {
          for (const loaded of [1, 2, 3]) port.postMessage({ type: 'event', event: { loaded } });
          port.postMessage({ type: '${last}' });
        }, 20);
        return { ok: true, value: { modelId: 1 } };
      }`,
      });
      const events: number[] = [];
      expect(await load(connection, ({ loaded }) => void events.push(loaded))).toEqual({ modelId: 1 });
      expect(events).toEqual([1, 2, 3]);
    },
  );

  it('are heard after its answer too, until the end', async () => {
    const connection = open(tellsLater);
    const events: number[] = [];
    await load(connection, ({ loaded }) => void events.push(loaded));
    expect(events).toEqual([1]);
    await unload(connection);
    await expect.poll(() => events).toEqual([1, 2]);
    await unload(connection);
    await expect.poll(() => events).toEqual([1, 2, 3]);
    await unload(connection);
    await run(connection, 'a message later');
    expect(events).toEqual([1, 2, 3]);
  });

  it('end with an abort, though the worker goes on', async () => {
    const connection = open({
      ...tellsLater,
      load: `(_, port) => {
        globalThis.port = port;
        globalThis.count = 1;
        port.postMessage({ type: 'event', event: { loaded: 1 } });
        return new Promise(() => {});
      }`,
    });
    const events: number[] = [];
    const controller = new AbortController();
    const loading = load(connection, ({ loaded }) => void events.push(loaded), controller.signal);
    loading.catch(() => {});
    await expect.poll(() => events).toEqual([1]);
    controller.abort('enough');
    await expect(loading).rejects.toBe('enough');
    await unload(connection);
    expect(await run(connection, 'a message later')).toBe('a message later');
    expect(events).toEqual([1]);
  });

  it('end with its failure, which is told after them', async () => {
    const error = { code: 'MODEL_NOT_FOUND', message: 'No such model.', hint: 'Check it.', retryable: false };
    const connection = open({
      load: `(_, port) => {
        port.postMessage({ type: 'event', event: { loaded: 1 } });
        port.postMessage({ type: 'end' });
        return { ok: false, error: ${JSON.stringify(error)} };
      }`,
    });
    const events: number[] = [];
    await expect(load(connection, ({ loaded }) => void events.push(loaded))).rejects.toMatchObject(error);
    expect(events).toEqual([1]);
    expect(await run(connection, 'still there')).toBe('still there');
  });

  it('end with the death of the worker, and the call is told', async () => {
    const connection = open({
      load: `(_, port) => {
        port.postMessage({ type: 'event', event: { loaded: 1 } });
        setTimeout(() => { throw new Error('in the middle of a load'); });
        return new Promise(() => {});
      }`,
    });
    expect(await run(connection, 'the control')).toBe('the control');
    await expect(load(connection, () => {})).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      message: expect.stringContaining('in the middle of a load'),
    });
  });
});

describe('a call that nobody listens to or can abort', () => {
  it('has no port', async () => {
    const connection = open({ run: '(_, port) => ({ ok: true, value: port === undefined })' });
    expect(await run(connection, 'text')).toBe(true);
  });

  it('resolves without waiting for an end, where it can only be aborted', async () => {
    const connection = open({ load: '(_, port) => ({ ok: true, value: port instanceof MessagePort })' });
    expect(await load(connection, undefined, new AbortController().signal)).toBe(true);
  });
});
