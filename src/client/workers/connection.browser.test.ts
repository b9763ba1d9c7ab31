import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import type { LoadRequest, WorkerApi } from '../../protocol/worker-api.ts';
import { type Connection, type ConnectionWatcher, openConnection } from './connection.ts';
import {
  answersRun,
  endWorkers,
  silent,
  spawnAnswering,
  spawnScript,
  startedWorkers,
  watchWorkers,
} from './scripted-worker.conformance.ts';
import type { SpawnedWorker } from './spawn-worker.ts';

const reason = new InsituError('DISPOSED', 'closed by the test', { hint: 'Nothing.' });

beforeEach(watchWorkers);
afterEach(endWorkers);

function open(spawned: SpawnedWorker) {
  const watcher = {
    onSign: vi.fn(),
    onHeld: vi.fn(),
    onTraffic: vi.fn(),
    onDeath: vi.fn(),
  } satisfies ConnectionWatcher;
  const connection: Connection<WorkerApi> = openConnection<WorkerApi>(spawned, watcher);
  return { connection, watcher };
}

const load = (connection: Connection<WorkerApi>, signal?: AbortSignal): Promise<unknown> =>
  connection.call('load', {} as LoadRequest, { signal });
const run = (connection: Connection<WorkerApi>, input: unknown = 'text'): Promise<unknown> =>
  connection.call('run', {
    modelId: 1,
    inputs: [input],
    options: {},
    priority: 'normal',
    stream: false,
    progress: false,
  });

describe('a worker that does not start', () => {
  it('because its script throws rejects what waits and what comes later, with the reason', async () => {
    const { connection, watcher } = open(spawnScript('throw new Error("no good on this browser")'));
    for (const call of [run(connection), run(connection)]) {
      await expect(call).rejects.toMatchObject({
        code: 'WORKER_START_FAILED',
        cause: { message: expect.stringContaining('no good on this browser') },
      });
    }
    expect(connection.death).toMatchObject({ code: 'WORKER_START_FAILED' });
    expect(watcher.onDeath.mock.calls).toEqual([[connection.death]]);
    await expect(run(connection)).rejects.toBe(connection.death);
  });

  it('because its script is none rejects', async () => {
    await expect(run(open(spawnScript('this is not a script')).connection)).rejects.toMatchObject({
      code: 'WORKER_START_FAILED',
      hint: expect.stringMatching(/\w{3}/),
    });
  });
});

describe('a worker that has started', () => {
  it('and throws where nobody catches it has crashed, and every call that waits is told', async () => {
    const { connection, watcher } = open(
      spawnAnswering({
        ...answersRun,
        load: '() => new Promise(() => setTimeout(() => { throw new Error("out of luck"); }))',
      }),
    );
    expect(await run(connection, 'the control')).toBe('the control');
    for (const call of [load(connection), load(connection)]) {
      await expect(call).rejects.toMatchObject({
        code: 'WORKER_CRASHED',
        message: expect.stringContaining('out of luck'),
        retryable: true,
      });
    }
    expect(watcher.onDeath).toHaveBeenCalledOnce();
    await expect(run(connection)).rejects.toBe(connection.death);
  });

  it('and sends what cannot be read has crashed', async () => {
    const { connection } = open(spawnAnswering({ ...answersRun, load: silent }));
    expect(await run(connection, 'the control')).toBe('the control');
    const waiting = [load(connection), load(connection)];
    // Nothing that one realm can send is unreadable for another of the same browser, so the event is made here.
    startedWorkers[0]!.dispatchEvent(new MessageEvent('messageerror'));
    for (const call of waiting) await expect(call).rejects.toMatchObject({ code: 'WORKER_CRASHED', retryable: true });
    await expect(run(connection)).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
  });

  it('because it is of another protocol is left alone', async () => {
    const strange = { type: 'greeting', text: 'good morning' };
    const { connection } = open(
      spawnAnswering({
        run: `({ inputs: [input] }) => { postMessage(${JSON.stringify(strange)}); return { ok: true, value: input }; }`,
      }),
    );
    expect(await run(connection, 'text')).toBe('text');
    expect(connection.death).toBeUndefined();
  });
});

describe('a connection that was closed', () => {
  it('rejects what waits and what comes later with the reason it was closed for, and ends the worker', async () => {
    const { connection, watcher } = open(spawnAnswering({ ...answersRun, load: silent }));
    expect(await run(connection, 'the control')).toBe('the control');
    const waiting = load(connection);
    const terminate = vi.spyOn(startedWorkers[0]!, 'terminate');
    connection.close(reason);
    connection.close(new InsituError('INTERNAL', 'a second reason', { hint: 'Nothing.' }));
    await expect(waiting).rejects.toBe(reason);
    await expect(run(connection)).rejects.toBe(reason);
    expect(connection.death).toBe(reason);
    expect(connection.waiting).toBe(0);
    expect(watcher.onDeath.mock.calls).toEqual([[reason]]);
    expect(terminate).toHaveBeenCalledOnce();
  });

  it('before its worker has started rejects in the same way', async () => {
    const { connection } = open(spawnAnswering({ run: silent }));
    const waiting = run(connection);
    connection.close(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});

describe('an abort', () => {
  /** Notes that it was told, and is asked with `unload`. */
  const noting = {
    ...answersRun,
    load: `(_, { signal }) => new Promise(() => {
      signal.onabort = () => (globalThis.heard = (globalThis.heard ?? 0) + 1);
    })`,
    unload: '() => ({ ok: true, value: globalThis.heard ?? null })',
  };

  it('rejects at once with the very reason, tells the worker, and leaves the connection in order', async () => {
    const { connection } = open(spawnAnswering(noting));
    expect(await run(connection, 'the control')).toBe('the control');
    const controller = new AbortController();
    const waiting = load(connection, controller.signal);
    const why = { any: 'reason' };
    controller.abort(why);
    await expect(waiting).rejects.toBe(why);
    expect(await connection.call('unload', 1), 'the worker hears of it before it hears of later calls').toBe(1);
    expect(connection.waiting, 'the worker has not answered yet').toBe(1);
    expect(await run(connection, 'still there')).toBe('still there');
  });

  it('that came before sends nothing', async () => {
    const { connection } = open(spawnAnswering(noting));
    expect(await run(connection, 'the control')).toBe('the control');
    const post = vi.spyOn(startedWorkers[0]!, 'postMessage');
    await expect(load(connection, AbortSignal.abort('before'))).rejects.toBe('before');
    expect(post).not.toHaveBeenCalled();
  });

  it('that comes after the answer tells nobody, and finds nobody listening', async () => {
    const { connection } = open(spawnAnswering({ ...answersRun, load: `() => ({ ok: true, value: 'done' })` }));
    const controller = new AbortController();
    const added = vi.spyOn(controller.signal, 'addEventListener');
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    expect(await load(connection, controller.signal)).toBe('done');
    await expect.poll(() => removed.mock.calls.length).toBe(added.mock.calls.length);
    const post = vi.spyOn(startedWorkers[0]!, 'postMessage');
    controller.abort();
    expect(post).not.toHaveBeenCalled();
  });

  it('of a call that was sent leaves its promise to the answer', async () => {
    const { connection } = open(
      spawnAnswering({
        load: `(_, { signal }) => new Promise((resolve) => {
          signal.onabort = () => resolve({ ok: true, value: 'put in order' });
        })`,
      }),
    );
    const { answer, abort } = connection.send('load', {} as LoadRequest);
    expect(connection.waiting).toBe(1);
    abort();
    expect(await answer).toBe('put in order');
    expect(connection.waiting).toBe(0);
    const post = vi.spyOn(startedWorkers[0]!, 'postMessage');
    abort();
    expect(post, 'nobody works on it any more').not.toHaveBeenCalled();
  });
});

describe('what cannot be sent', () => {
  it('is refused with INPUT_INVALID, and nobody waits for it', async () => {
    const { connection } = open(spawnAnswering(answersRun));
    expect(await run(connection, 'the control')).toBe('the control');
    await expect(run(connection, () => 'a function')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      cause: { name: 'DataCloneError' },
    });
    expect(connection.waiting).toBe(0);
    expect(await run(connection, 'still there')).toBe('still there');
  });
});

describe('idle', () => {
  it('is a connection that waits for nothing, or is dead', async () => {
    const { connection } = open(spawnAnswering({ ...answersRun, load: silent }));
    expect(await run(connection, 'the control')).toBe('the control');
    await connection.idle();
    const waiting = load(connection);
    waiting.catch(() => {});
    const resting = connection.idle();
    connection.close(reason);
    await resting;
    await connection.idle();
    await expect(waiting).rejects.toBe(reason);
  });

  it('is one whose worker has answered what was aborted', async () => {
    const { connection } = open(
      spawnAnswering({
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
    await connection.call('unload', 1);
    await resting;
  });

  it('is one whose worker takes too long over it', async () => {
    const { connection } = open(spawnAnswering({ ...answersRun, load: silent }));
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
      expect(connection.death, 'it only rests').toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });
});
