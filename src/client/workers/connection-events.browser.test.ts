import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadEvent } from '../../protocol/load-event.ts';
import type { LoadRequest, WorkerApi } from '../../protocol/worker-api.ts';
import { type Connection, openConnection } from './connection.ts';
import { answersRun, endWorkers, spawnAnswering, watchWorkers } from './scripted-worker.conformance.ts';

beforeEach(watchWorkers);
afterEach(endWorkers);

const ignore = () => {};

function open(answers: Record<string, string>): Connection<WorkerApi> {
  return openConnection<WorkerApi>(spawnAnswering({ ...answersRun, ...answers }), {
    onSign: ignore,
    onHeld: ignore,
    onTraffic: ignore,
    onDeath: ignore,
  });
}

/** Loads, and notes how much of it was told. */
function load(connection: Connection<WorkerApi>, signal?: AbortSignal) {
  const events: number[] = [];
  const onEvent = ({ loaded }: LoadEvent) => void events.push(loaded);
  return { events, answer: connection.call('load', {} as LoadRequest, { signal, onEvent }) as Promise<unknown> };
}
const run = (connection: Connection<WorkerApi>, input: string) =>
  connection.call('run', {
    modelId: 1,
    inputs: [input],
    options: {},
    priority: 'normal',
    stream: false,
    progress: false,
  });
const unload = (connection: Connection<WorkerApi>) => connection.call('unload', 1);

describe('events of a call', () => {
  it('have all arrived, in their order, when it resolves', async () => {
    const connection = open({
      load: `(_, { notify }) => {
        for (const loaded of [1, 2, 3]) notify({ loaded });
        return { ok: true, value: 'done' };
      }`,
    });
    const { answer, events } = load(connection);
    expect(await answer).toBe('done');
    expect(events).toEqual([1, 2, 3]);
  });

  it('go to the call they belong to', async () => {
    const connection = open({
      load: `async (_, { notify }) => {
        const own = (globalThis.loads = (globalThis.loads ?? 0) + 1);
        notify({ loaded: own });
        await new Promise((resolve) => setTimeout(resolve));
        notify({ loaded: own * 10 });
        return { ok: true, value: own };
      }`,
    });
    const both = [load(connection), load(connection)];
    expect(await Promise.all(both.map(({ answer }) => answer))).toEqual([1, 2]);
    expect(both.map(({ events }) => events)).toEqual([
      [1, 10],
      [2, 20],
    ]);
  });

  it('are heard after its answer too where there is more to tell, until the end', async () => {
    const connection = open({
      // Each `unload` lets it go on.
      load: `(_, { notify, lasts }) => {
        let count = 1;
        notify({ loaded: count });
        lasts(new Promise((end) => {
          globalThis.goOn = () => {
            notify({ loaded: ++count });
            if (count === 3) end();
          };
        }));
        return { ok: true, value: null };
      }`,
      unload: '() => { goOn(); return { ok: true, value: null }; }',
    });
    const { answer, events } = load(connection);
    await answer;
    expect(events).toEqual([1]);
    expect(connection.waiting, 'it has answered').toBe(0);
    await unload(connection);
    expect(events).toEqual([1, 2]);
    await unload(connection);
    expect(events).toEqual([1, 2, 3]);
    await run(connection, 'after the end');
    await unload(connection);
    expect(events).toEqual([1, 2, 3]);
  });

  it('are not heard any more after an abort, though the worker goes on', async () => {
    const connection = open({
      load: `(_, { notify }) => {
        (globalThis.loads ??= []).push(notify);
        notify({ loaded: 1 });
        return new Promise(() => {});
      }`,
      unload: '() => { for (const notify of loads) notify({ loaded: 2 }); return { ok: true, value: null }; }',
    });
    const controller = new AbortController();
    const { answer, events } = load(connection, controller.signal);
    const other = load(connection);
    other.answer.catch(() => {});
    await expect.poll(() => events).toEqual([1]);
    controller.abort('enough');
    await expect(answer).rejects.toBe('enough');
    await unload(connection);
    expect(events).toEqual([1]);
    expect(other.events, 'the control').toEqual([1, 2]);
  });

  it('are heard after an abort that came after the answer', async () => {
    const connection = open({
      load: `(_, { notify, lasts }) => {
        lasts(new Promise((end) => (globalThis.goOn = () => (notify({ loaded: 2 }), end()))));
        return { ok: true, value: null };
      }`,
      unload: '() => { goOn(); return { ok: true, value: null }; }',
    });
    const controller = new AbortController();
    const { answer, events } = load(connection, controller.signal);
    await answer;
    controller.abort('too late');
    await unload(connection);
    expect(events).toEqual([2]);
  });

  it('end with its failure, which is told after them', async () => {
    const error = { code: 'MODEL_NOT_FOUND', message: 'No such model.', hint: 'Check it.', retryable: false };
    const connection = open({
      load: `(_, { notify }) => {
        notify({ loaded: 1 });
        return { ok: false, error: ${JSON.stringify(error)} };
      }`,
    });
    const { answer, events } = load(connection);
    await expect(answer).rejects.toMatchObject(error);
    expect(events).toEqual([1]);
    expect(await run(connection, 'still there')).toBe('still there');
  });

  it('end with the death of the worker, and the call is told', async () => {
    const connection = open({
      load: `(_, { notify }) => {
        notify({ loaded: 1 });
        setTimeout(() => { throw new Error('in the middle of a load'); });
        return new Promise(() => {});
      }`,
    });
    expect(await run(connection, 'the control')).toBe('the control');
    const { answer, events } = load(connection);
    await expect(answer).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      message: expect.stringContaining('in the middle of a load'),
    });
    expect(events).toEqual([1]);
  });

  it('need no listener', async () => {
    const connection = open({ load: `(_, { notify }) => (notify({ loaded: 1 }), { ok: true, value: 'done' })` });
    expect(await connection.call('load', {} as LoadRequest)).toBe('done');
  });
});
