import { type Remote, expose, transfer, wrap } from 'comlink';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { DevicePlan } from '../protocol/device-plan.ts';
import type { CallNotice, LoadRequest, WorkerApi } from '../protocol/worker-api.ts';
import type { Runtime, TextEngine } from '../runtime/runtime.ts';
import { createMemoryStore } from '../weights/memory-store.ts';
import { type WorkerParts, createWorkerApi } from './serve.ts';

const folder = 'https://models.example/org/name/';
const paths = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];
const plan: DevicePlan = { device: 'wasm', threads: 1, simd: 'fixed', reasons: ['the only one'] };
const request: LoadRequest = {
  task: 'feature-extraction',
  location: { reference: 'org/name', baseUrl: folder },
  dtype: undefined,
};
const start = { threads: 'auto', storage: 'memory' } as const;

let closing: (() => void)[] = [];

beforeEach(() => {
  vi.stubGlobal('fetch', async (url: string) =>
    paths.includes(url.slice(folder.length)) ? new Response('{}') : new Response('Not found', { status: 404 }),
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const close of closing) close();
  closing = [];
});

/** An engine that gives the number of its texts, and complains when it is used after it was disposed of. */
function createEngine(run: () => Promise<void> = async () => {}) {
  const state = { running: 0, disposed: false, disposedWhileRunning: false };
  const engine: TextEngine = {
    dynamicallyQuantised: false,
    tokenLengths: (texts) => texts.map(() => 1),
    async run(texts) {
      if (state.disposed) throw new Error('used after it was freed');
      state.running++;
      await run();
      state.running--;
      return { type: 'float32', data: Float32Array.of(texts.length), dims: [1, 1] };
    },
    async dispose() {
      state.disposed = true;
      state.disposedWhileRunning ||= state.running > 0;
    },
  };
  return { engine, state };
}

const createRuntime = (load: Runtime['load']) => ({ prepare: () => {}, load });

function createApi(engine: TextEngine = createEngine().engine, parts: Partial<WorkerParts> = {}): WorkerApi {
  const runtime = createRuntime(async ({ files }) => {
    for (const path of paths) await files(path);
    return engine;
  });
  return createWorkerApi({
    plan: async () => plan,
    startRuntime: async () => runtime,
    openStore: async () => createMemoryStore(),
    ...parts,
  });
}

/** A port for one call, and what the worker tells through it. */
function createPort() {
  const { port1, port2 } = new MessageChannel();
  const notices: CallNotice[] = [];
  const ended = new Promise<void>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<CallNotice>) => {
      notices.push(data);
      if (data.type === 'end') resolve();
    };
  });
  closing.push(() => port1.close());
  return { port: port2, notices, ended, abort: () => port1.postMessage({ type: 'abort' }) };
}

async function load(api: WorkerApi): Promise<number> {
  const reply = await api.load(request, createPort().port);
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.value.modelId;
}

const failure = (code: string, says = /./) => ({
  ok: false,
  error: { code, message: expect.stringMatching(says), hint: expect.any(String), retryable: expect.any(Boolean) },
});

describe('the worker', () => {
  it('loads, runs and unloads a model', async () => {
    const { engine, state } = createEngine();
    const api = createApi(engine);
    expect(await api.start(start)).toEqual({ ok: true, value: null });
    expect(await api.load(request, createPort().port)).toEqual({ ok: true, value: { modelId: 1, plan } });
    expect(await api.run({ modelId: 1, input: 'text', options: {} }, undefined)).toEqual({
      ok: true,
      value: { data: Float32Array.of(1), dims: [1, 1] },
    });
    expect(await api.unload(1)).toEqual({ ok: true, value: null });
    expect(state.disposed).toBe(true);
    expect(await api.run({ modelId: 1, input: 'text', options: {} }, undefined)).toMatchObject(failure('DISPOSED'));
  });

  it('answers a model it never had with DISPOSED, and takes its unloading', async () => {
    const api = createApi();
    await api.start(start);
    expect(await api.run({ modelId: 99, input: 'text', options: {} }, undefined)).toMatchObject(failure('DISPOSED'));
    expect(await api.unload(99)).toEqual({ ok: true, value: null });
  });

  it('keeps two models apart', async () => {
    const engines = [createEngine(), createEngine()];
    let loads = 0;
    const api = createApi(undefined, { startRuntime: async () => createRuntime(async () => engines[loads++]!.engine) });
    await api.start(start);
    const [first, second] = [await load(api), await load(api)];
    expect(second).not.toBe(first);
    await api.unload(first);
    expect(engines.map(({ state }) => state.disposed)).toEqual([true, false]);
    expect(await api.run({ modelId: second, input: 'text', options: {} }, undefined)).toMatchObject({ ok: true });
  });

  it('tells every load event before the end, and the end once', async () => {
    const api = createApi();
    await api.start(start);
    const { port, notices, ended } = createPort();
    await api.load(request, port);
    await ended;
    expect(notices.at(-1)).toEqual({ type: 'end' });
    const events = notices.slice(0, -1).map((notice) => (notice.type === 'load-event' ? notice.event : undefined));
    expect(events.at(-1)).toMatchObject({ status: 'ready', progress: 1, plan });
    expect(events.filter((event) => event?.status === 'done')).toHaveLength(paths.length);
  });

  it('hands the settings of the page to its parts, and starts the runtime without waiting for it', async () => {
    const parts = {
      plan: vi.fn(async () => plan),
      startRuntime: vi.fn(() => new Promise<Runtime>(() => {})),
      openStore: vi.fn(async () => createMemoryStore()),
    };
    const api = createApi(undefined, parts);
    expect(await api.start({ threads: 3, storage: 'indexeddb' })).toEqual({ ok: true, value: null });
    expect(parts.plan).toHaveBeenCalledWith(3);
    expect(parts.openStore).toHaveBeenCalledWith('indexeddb');
    expect(parts.startRuntime).toHaveBeenCalledWith(plan);
  });
});

describe('what goes wrong in the worker', () => {
  it('is an answer: a call before the start', async () => {
    expect(await createApi().load(request, createPort().port)).toMatchObject(failure('INTERNAL', /not started/));
  });

  it('is an answer, and ends the events: a model that is not there', async () => {
    const api = createApi();
    await api.start(start);
    const { port, notices, ended } = createPort();
    const elsewhere = { ...request, location: { reference: 'org/none', baseUrl: 'https://models.example/none/' } };
    expect(await api.load(elsewhere, port)).toMatchObject(failure('MODEL_NOT_FOUND', /org\/none/));
    await ended;
    expect(notices.at(-1)).toEqual({ type: 'end' });
    expect(await load(api)).toBe(1);
  });

  it('is an answer of every load: a runtime that does not start', async () => {
    const reason = new InsituError('DEVICE_UNAVAILABLE', 'No SIMD.', { hint: 'Use another browser.' });
    const api = createApi(undefined, { startRuntime: () => Promise.reject(reason) });
    expect(await api.start(start)).toMatchObject({ ok: true });
    // Until somebody loads, the failure waits, and must not count as unhandled.
    await new Promise((resolve) => setImmediate(resolve));
    for (const _ of [1, 2]) {
      expect(await api.load(request, createPort().port)).toMatchObject(failure('DEVICE_UNAVAILABLE', /No SIMD/));
    }
  });

  it.each([
    ['input', 42, {}, 'INPUT_INVALID'],
    ['an option', 'text', { pooling: 'median' }, 'OPTION_INVALID'],
    ['an unknown option', 'text', { __proto__: null, constructor: 1 }, 'OPTION_INVALID'],
  ])('is an answer, and the next run works: %s', async (_, input, options, code) => {
    const api = createApi();
    await api.start(start);
    const modelId = await load(api);
    expect(await api.run({ modelId, input, options }, undefined)).toMatchObject(failure(code));
    expect(await api.run({ modelId, input: 'text', options: {} }, undefined)).toMatchObject({ ok: true });
  });

  it('is an answer with its trace: a defect', async () => {
    const { engine } = createEngine(() => Promise.reject(new TypeError('x is not a function')));
    const api = createApi(engine);
    await api.start(start);
    const reply = await api.run({ modelId: await load(api), input: 'text', options: {} }, undefined);
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'INTERNAL', cause: { name: 'TypeError', message: 'x is not a function' } },
    });
  });
});

describe('an abort', () => {
  it('of a run that waits leaves it undone, and lets the next one pass', async () => {
    let end = () => {};
    const run = vi.fn(() => new Promise<void>((resolve) => (end = resolve)));
    const api = createApi(createEngine(run).engine);
    await api.start(start);
    const modelId = await load(api);
    const first = api.run({ modelId, input: 'first', options: {} }, undefined);
    await vi.waitFor(() => expect(run).toHaveBeenCalledOnce());
    const { port, abort, ended } = createPort();
    const waiting = api.run({ modelId, input: 'waiting', options: {} }, port);
    abort();
    await new Promise((resolve) => setImmediate(resolve));
    end();
    expect(await first).toMatchObject({ ok: true });
    expect(await waiting).toMatchObject({ ok: false });
    await ended;
    expect(run).toHaveBeenCalledOnce();
  });

  it('of a load leaves no model behind', async () => {
    const { engine, state } = createEngine();
    let made: (engine: TextEngine) => void = () => {};
    const loadEngine = vi.fn(() => new Promise<TextEngine>((resolve) => (made = resolve)));
    const api = createApi(engine, { startRuntime: async () => createRuntime(loadEngine) });
    await api.start(start);
    const { port, abort } = createPort();
    const loading = api.load(request, port);
    await vi.waitFor(() => expect(loadEngine).toHaveBeenCalledOnce());
    abort();
    await new Promise((resolve) => setImmediate(resolve));
    made(engine);
    expect(await loading).toMatchObject({ ok: false });
    expect(state.disposed).toBe(true);
    expect(await api.run({ modelId: 1, input: 'text', options: {} }, undefined)).toMatchObject(failure('DISPOSED'));
  });
});

describe('unloading while runs are under way', () => {
  /** A model with one run that has begun and one that waits, and the order to unload it. */
  async function unloadBusy() {
    let end = () => {};
    const run = vi.fn(async () => {});
    run.mockImplementationOnce(() => new Promise((resolve) => (end = resolve)));
    const { engine, state } = createEngine(run);
    const api = createApi(engine);
    await api.start(start);
    const modelId = await load(api);
    const running = api.run({ modelId, input: 'running', options: {} }, undefined);
    const waiting = api.run({ modelId, input: 'waiting', options: {} }, undefined);
    await vi.waitFor(() => expect(run).toHaveBeenCalledOnce());
    const unloading = api.unload(modelId);
    await new Promise((resolve) => setImmediate(resolve));
    return { state, running, waiting, unloading, end };
  }

  it('does not free the model under a run', async () => {
    const { state, running, waiting, unloading, end } = await unloadBusy();
    end();
    await Promise.all([running, waiting, unloading]);
    expect(state).toEqual({ running: 0, disposed: true, disposedWhileRunning: false });
  });

  it('does a run that waits, or answers it with DISPOSED: not with what the runtime says of a freed model', async () => {
    const { waiting, end } = await unloadBusy();
    end();
    const reply = await waiting;
    if (!reply.ok) expect(reply).toMatchObject(failure('DISPOSED'));
  });
});

describe('through Comlink', () => {
  it('the memory of a result changes threads, and is gone here', async () => {
    const { port1, port2 } = new MessageChannel();
    closing.push(() => port1.close());
    const results: Float32Array[] = [];
    const api = createApi();
    const { run } = api;
    api.run = async (...given) => {
      const reply = await run(...given);
      if (reply.ok) results.push((reply.value as { data: Float32Array }).data);
      return reply;
    };
    expose(api, port2);
    const remote: Remote<WorkerApi> = wrap<WorkerApi>(port1);
    await remote.start(start);
    const { port } = createPort();
    expect(await remote.load(request, transfer(port, [port]))).toMatchObject({ ok: true, value: { modelId: 1 } });
    const reply = await remote.run({ modelId: 1, input: 'text', options: {} }, undefined);
    expect(reply).toMatchObject({ ok: true, value: { data: Float32Array.of(1) } });
    expect(results[0]!.byteLength).toBe(0);
  });
});
