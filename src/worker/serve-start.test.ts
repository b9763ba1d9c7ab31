import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { LoadRequest } from '../protocol/worker-api.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createGate } from '../weights/model/test-model.conformance.ts';
import { createMemoryStore } from '../weights/store/memory-store.ts';
import type { WeightStore } from '../weights/store/weight-store.ts';
import {
  anyPort,
  createApi,
  createEngine,
  createPort,
  createRuntime,
  heap,
  paths,
  plan,
  request,
  serveFiles,
  start,
  tidyUp,
} from './test-worker.conformance.ts';

beforeEach(() => void serveFiles());
afterEach(tidyUp);

const loads: Runtime['load'] = async ({ files }) => {
  await Promise.all(paths.map((path) => files(path)));
  return createEngine().engine;
};

describe('the start', () => {
  it('hands the settings of the page to its parts, and does not wait for the runtime', async () => {
    const parts = {
      plan: vi.fn(async () => plan),
      startRuntime: vi.fn(() => new Promise<Runtime>(() => {})),
      openStore: vi.fn(async () => ({ store: createMemoryStore() })),
    };
    const api = createApi(undefined, parts);
    expect(await api.start({ threads: 3, storage: 'indexeddb' }, anyPort())).toEqual({ ok: true, value: null });
    expect(parts.plan).toHaveBeenCalledExactlyOnceWith(3);
    expect(parts.openStore).toHaveBeenCalledExactlyOnceWith('indexeddb');
    expect(parts.startRuntime).toHaveBeenCalledExactlyOnceWith(plan);
  });

  it.each([undefined, false])('leaves the runtime to the first load (warm: %s)', async (warm) => {
    const prepare = vi.fn(async () => {});
    const api = createApi(undefined, { startRuntime: async () => createRuntime(loads, { prepare }) });
    expect(await api.start({ ...start, ...(warm !== undefined && { warm }) }, anyPort())).toMatchObject({ ok: true });
    expect(prepare).not.toHaveBeenCalled();
    expect(await api.load(request, createPort().port)).toMatchObject({ ok: true });
    expect(prepare).toHaveBeenCalledOnce();
  });

  it('of a warm worker is over when the runtime is initialised', async () => {
    const gate = createGate();
    const prepare = vi.fn(() => gate.opened);
    const api = createApi(undefined, { startRuntime: async () => createRuntime(loads, { prepare }) });
    const answered = vi.fn();
    const starting = api.start({ ...start, warm: true }, anyPort());
    void starting.then(answered);
    await vi.waitFor(() => expect(prepare).toHaveBeenCalledOnce());
    expect(answered).not.toHaveBeenCalled();
    gate.open();
    expect(await starting).toEqual({ ok: true, value: null });
    expect(await api.load(request, createPort().port)).toMatchObject({ ok: true });
  });

  it('of a warm worker fails where its runtime does, and every load with it', async () => {
    const reason = new InsituError('DEVICE_UNAVAILABLE', 'No SIMD.', { hint: 'Use another browser.' });
    const parts = { startRuntime: () => Promise.reject(reason) };
    const failure = { ok: false, error: { code: 'DEVICE_UNAVAILABLE', message: 'No SIMD.' } };
    const api = createApi(undefined, parts);
    expect(await api.start({ ...start, warm: true }, anyPort())).toMatchObject(failure);
    expect(await api.load(request, createPort().port)).toMatchObject(failure);
    expect(await createApi(undefined, parts).start(start, anyPort()), 'the control').toMatchObject({ ok: true });
  });
});

describe('what a load tells of memory', () => {
  const contents = { 'config.json': '{}', 'tokenizer.json': '{"a":1}', 'onnx/model_quantized.onnx': 'weights' };
  const total = 2 + 7 + 7 + 2;
  const contentOf = (path: string) => (contents as Record<string, string>)[path] ?? '{}';
  const onDisk: LoadRequest = {
    ...request,
    location: {
      kind: 'disk',
      reference: '4 files of the disk',
      files: paths.map((path) => ({ path, file: new File([contentOf(path)], path) })),
    },
  };
  beforeEach(() => {
    const { baseUrl } = request.location as { baseUrl: string };
    vi.stubGlobal('fetch', async (url: string) =>
      paths.includes(url.slice(baseUrl.length))
        ? new Response(contentOf(url.slice(baseUrl.length)))
        : new Response('Not found', { status: 404 }),
    );
  });

  it.each([
    ['the network', request],
    ['the disk', onDisk],
  ])('is the bytes of its files, from %s', async (_, loadRequest) => {
    const api = createApi();
    await api.start(start, anyPort());
    for (const modelId of [1, 2]) {
      expect(await api.load(loadRequest, createPort().port)).toEqual({
        ok: true,
        value: { modelId, takes: 'text', plan, bytes: total, heap },
      });
    }
  });

  it('is the bytes of its files, from the store', async () => {
    const store: WeightStore = { ...createMemoryStore(), kind: 'indexeddb' };
    for (const visit of [1, 2]) {
      const api = createApi(undefined, { openStore: async () => ({ store }) });
      await api.start(start, anyPort());
      const { port, events, ended } = createPort();
      expect(await api.load(request, port)).toMatchObject({ ok: true, value: { bytes: total } });
      await ended;
      const ready = events().find(({ status }) => status === 'ready');
      expect(ready).toMatchObject({ source: visit === 1 ? 'network' : 'store' });
    }
  });

  it("is the runtime's memory as it is when the model is made", async () => {
    const runtime = {
      ...createRuntime(async () => {
        runtime.heap += 1000;
        return createEngine().engine;
      }),
      heap: 0,
    };
    const api = createApi(undefined, { startRuntime: async () => runtime });
    await api.start(start, anyPort());
    for (const grown of [1000, 2000]) {
      expect(await api.load(request, createPort().port)).toMatchObject({ ok: true, value: { heap: grown } });
    }
  });
});
