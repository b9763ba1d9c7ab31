import { type Remote, expose, transfer, wrap } from 'comlink';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { WorkerApi } from '../protocol/worker-api.ts';
import type { Runtime, TextEngine } from '../runtime/runtime.ts';
import { createMemoryStore } from '../weights/store/memory-store.ts';
import {
  closeLater,
  createApi,
  createEngine,
  createPort,
  createRuntime,
  load,
  paths,
  plan,
  remote,
  request,
  serveFiles,
  start,
  tidyUp,
} from './test-worker.conformance.ts';

beforeEach(() => void serveFiles());
afterEach(tidyUp);

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

  it('tells every load event before the answer, and the end once', async () => {
    const api = createApi();
    await api.start(start);
    const { port, notices, events, ended } = createPort();
    await api.load(request, port);
    await ended;
    expect(notices.slice(-2)).toEqual([{ type: 'answered' }, { type: 'end' }]);
    expect(events()).toHaveLength(notices.length - 2);
    expect(events().at(-1)).toMatchObject({ status: 'ready', progress: 1, plan });
    expect(events().filter(({ status }) => status === 'done')).toHaveLength(paths.length);
  });

  it('hands the settings of the page to its parts, and starts the runtime without waiting for it', async () => {
    const parts = {
      plan: vi.fn(async () => plan),
      startRuntime: vi.fn(() => new Promise<Runtime>(() => {})),
      openStore: vi.fn(async () => ({ store: createMemoryStore() })),
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
    const elsewhere = { ...request, location: remote('org/none', 'https://models.example/none/') };
    expect(await api.load(elsewhere, port)).toMatchObject(failure('MODEL_NOT_FOUND', /org\/none/));
    await ended;
    expect(notices.at(-1)).toEqual({ type: 'end' });
    expect(notices).not.toContainEqual({ type: 'answered' });
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
    closeLater(port1);
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
