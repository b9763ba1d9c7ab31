import { afterEach, describe, expect, it, vi } from 'vitest';
import { type PageMessage, isWorkerMessage } from '../protocol/messages.ts';
import type { CallPort, Method } from '../protocol/method.ts';
import type { WorkerApi } from '../protocol/worker-api.ts';
import { createGate } from '../weights/model/test-model.conformance.ts';
import { createPage, tidyUp } from './test-worker.conformance.ts';

afterEach(tidyUp);

type AnyMethod = Method<unknown, unknown, unknown>;

/** The page of a worker with these methods. */
const createWorker = (methods: Record<string, AnyMethod>) => createPage(methods as unknown as WorkerApi);

const value = async <T>(given: T) => ({ ok: true, value: given }) as const;

/** A method that answers when the test says so, and the port of its last call. */
function createGated(answer: unknown = 'answer') {
  const gate = createGate();
  const ports: CallPort<unknown>[] = [];
  const method: AnyMethod = (_, port) => {
    ports.push(port);
    return gate.opened.then(() => value(answer));
  };
  return { method, ports, open: gate.open };
}

/** Lets everything happen that needs no more than time. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a call', () => {
  it('is answered with what its method says of its argument', async () => {
    const { call, hears } = createWorker({ double: async (argument) => value(Number(argument) * 2) });
    const number = call('double', 21);
    expect(await hears('reply', number)).toEqual({
      type: 'reply',
      call: number,
      reply: { ok: true, value: 42 },
      more: false,
    });
  });

  it('is answered with a failure where its method fails, and the next one is answered too', async () => {
    const error = { code: 'DISPOSED', message: 'Gone.', hint: 'Load it.', retryable: false } as const;
    const { call, hears } = createWorker({ fail: async () => ({ ok: false, error }), fine: async () => value(null) });
    expect(await hears('reply', call('fail'))).toMatchObject({ reply: { ok: false, error }, more: false });
    expect(await hears('reply', call('fine'))).toMatchObject({ reply: { ok: true, value: null } });
  });

  it('tells its events before its answer, in their order, and nothing after it', async () => {
    const { call, hears, heard } = createWorker({
      async tell(_, port) {
        port.notify({ loaded: 1 });
        await turn();
        port.notify({ loaded: 2 });
        return value('done');
      },
    });
    const number = call('tell');
    await hears('reply', number);
    await turn();
    expect(heard).toEqual([
      { type: 'event', call: number, event: { loaded: 1 } },
      { type: 'event', call: number, event: { loaded: 2 } },
      { type: 'reply', call: number, reply: { ok: true, value: 'done' }, more: false },
    ]);
    expect(heard.every(isWorkerMessage)).toBe(true);
  });

  it('that lasts says so, goes on telling, and ends when all of it has settled, whichever way', async () => {
    let port!: CallPort<unknown>;
    const [stored, failed] = [createGate(), createGate()];
    const { call, hears, heard } = createWorker({
      async load(_, given) {
        port = given;
        port.lasts(failed.opened.then(() => Promise.reject(new Error('No room.'))));
        port.lasts(stored.opened);
        return value('ready');
      },
    });
    const number = call('load');
    await hears('reply', number);
    failed.open();
    await turn();
    port.notify('stored');
    await turn();
    expect(heard.map(({ type }) => type)).toEqual(['reply', 'event']);
    stored.open();
    await hears('end', number);
    expect(heard).toEqual([
      { type: 'reply', call: number, reply: { ok: true, value: 'ready' }, more: true },
      { type: 'event', call: number, event: 'stored' },
      { type: 'end', call: number },
    ]);
    expect(heard.every(isWorkerMessage)).toBe(true);
  });

  it('does not wait for another, and both keep their numbers', async () => {
    const slow = createGated('slow');
    const { call, hears, heard } = createWorker({
      slow: slow.method,
      async quick(_, port) {
        port.notify('quick event');
        return value('quick');
      },
    });
    const [first, second] = [call('slow'), call('quick')];
    await hears('reply', second);
    slow.ports[0]!.notify('slow event');
    slow.open();
    await hears('reply', first);
    expect(heard).toMatchObject([
      { type: 'event', call: second, event: 'quick event' },
      { type: 'reply', call: second, reply: { value: 'quick' } },
      { type: 'event', call: first, event: 'slow event' },
      { type: 'reply', call: first, reply: { value: 'slow' } },
    ]);
  });

  it('gives away the memory that its method says, and copies the rest', async () => {
    const [given, kept] = [Float32Array.of(1, 2), Float32Array.of(3)];
    const { call, hears } = createWorker({
      async run(_, { transfer }) {
        transfer.push(given.buffer);
        return value({ given, kept });
      },
    });
    expect(await hears('reply', call('run'))).toMatchObject({
      reply: { value: { given: Float32Array.of(1, 2), kept: Float32Array.of(3) } },
    });
    expect([given.length, kept.length]).toEqual([0, 1]);
  });

  it.each(['none', 'constructor', 'toString', 'hasOwnProperty', '__proto__', ''])(
    'of a method that the worker has not fails: %o',
    async (method) => {
      const { call, hears } = createWorker({ known: async () => value('fine') });
      expect(await hears('reply', call(method))).toMatchObject({
        reply: { ok: false, error: { code: 'INTERNAL', message: 'The worker has no such method.' } },
        more: false,
      });
      expect(await hears('reply', call('known'))).toMatchObject({ reply: { ok: true, value: 'fine' } });
    },
  );
});

describe('an abort', () => {
  it('reaches the signal of its call and of no other', () => {
    const { method, ports } = createGated();
    const { call, say } = createWorker({ method });
    const [, second] = [call('method'), call('method')];
    expect(ports.map(({ signal }) => signal.aborted)).toEqual([false, false]);
    say({ type: 'abort', call: second });
    expect(ports.map(({ signal }) => signal.aborted)).toEqual([false, true]);
    expect(ports[1]!.signal.reason).toMatchObject({ name: 'AbortError' });
  });

  it('does not take the place of the answer', async () => {
    const { method, open } = createGated('aborted all the same');
    const { call, say, hears, heard } = createWorker({ method });
    const number = call('method');
    say({ type: 'abort', call: number });
    await turn();
    expect(heard).toEqual([]);
    open();
    expect(await hears('reply', number)).toMatchObject({ reply: { value: 'aborted all the same' } });
  });

  it('reaches a call that lasts after its answer, until its end', async () => {
    const gate = createGate();
    const ports: CallPort<unknown>[] = [];
    const { call, say, hears } = createWorker({
      async load(_, port) {
        ports.push(port);
        port.lasts(gate.opened);
        return value(null);
      },
    });
    const [first, second] = [call('load'), call('load')];
    await Promise.all([first, second].map((number) => hears('reply', number)));
    say({ type: 'abort', call: first });
    expect(ports.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    gate.open();
    await hears('end', second);
    await turn();
    say({ type: 'abort', call: second });
    expect(ports[1]!.signal.aborted).toBe(false);
  });

  it('of a call that there is not does nothing', async () => {
    const { method, ports, open } = createGated();
    const { call, say, hears } = createWorker({ method });
    say({ type: 'abort', call: 1 });
    const number = call('method');
    say({ type: 'abort', call: number + 1 });
    open();
    expect(await hears('reply', number)).toMatchObject({ reply: { ok: true } });
    expect(ports[0]!.signal.aborted).toBe(false);
  });
});

describe('a sign of life', () => {
  it('is given at once, for each time it is asked for, also while a call runs', () => {
    const { call, say, heard } = createWorker({ method: createGated().method });
    call('method');
    say({ type: 'ping' });
    say({ type: 'ping' });
    expect(heard).toEqual([{ type: 'pong' }, { type: 'pong' }]);
  });
});

describe('the lock of a life', () => {
  /** Locks that are granted when the test says so, and what became of what was asked for. */
  function stubLocks() {
    const asked: { name: string; grant: () => void; released: () => boolean }[] = [];
    const request = async (name: string, held: () => Promise<unknown>) => {
      const { opened, open: grant } = createGate();
      let released = false;
      asked.push({ name, grant, released: () => released });
      await opened;
      await held();
      released = true;
    };
    vi.stubGlobal('navigator', { locks: { request } });
    return asked;
  }

  it('is held from when the browser grants it, and never released', async () => {
    const asked = stubLocks();
    const { say, heard } = createWorker({});
    say({ type: 'hold', lock: 'insitu worker 7' });
    await turn();
    expect(asked.map(({ name }) => name)).toEqual(['insitu worker 7']);
    expect(heard, 'another one holds it').toEqual([]);
    asked[0]!.grant();
    await turn();
    expect(heard).toEqual([{ type: 'held' }]);
    expect(asked[0]!.released()).toBe(false);
  });

  it.each<[string, object]>([
    ['there are none', {}],
    ['they are refused', { locks: { request: () => Promise.reject(new DOMException('Opaque.', 'SecurityError')) } }],
  ])('is not said to be held where %s, and the worker works', async (_, navigator) => {
    vi.stubGlobal('navigator', navigator);
    const { say, heard } = createWorker({});
    say({ type: 'hold', lock: 'insitu worker 7' });
    await turn();
    say({ type: 'ping' });
    expect(heard).toEqual([{ type: 'pong' }]);
  });

  it('is not asked for by a message of a later version', async () => {
    const asked = stubLocks();
    const { say, heard } = createWorker({});
    say({ type: 'rest', lock: 'insitu worker 7' } as unknown as PageMessage);
    await turn();
    expect(asked).toEqual([]);
    expect(heard).toEqual([]);
  });
});
