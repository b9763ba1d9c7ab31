import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { LoadRequest } from '../protocol/worker-api.ts';
import { createGate } from '../weights/model/test-model.conformance.ts';
import { createMemoryStore } from '../weights/store/memory-store.ts';
import type { WeightStore } from '../weights/store/weight-store.ts';
import {
  anyPort,
  createApi,
  createPort,
  paths,
  request,
  run,
  serveFiles,
  start,
  tidyUp,
} from './test-worker.conformance.ts';

let fetched: ReturnType<typeof serveFiles>;
beforeEach(() => {
  fetched = serveFiles();
});
afterEach(tidyUp);

/** A store that outlives its worker, as far as the worker knows. */
const createLasting = (parts: Partial<WeightStore> = {}): WeightStore => ({
  ...createMemoryStore(),
  kind: 'indexeddb',
  ...parts,
});

const refusal = new InsituError('STORAGE_UNAVAILABLE', 'The browser refuses storage.', { hint: 'Leave the sandbox.' });
const onDisk: LoadRequest = {
  ...request,
  location: {
    kind: 'disk',
    reference: '4 files of the disk',
    files: paths.map((path) => ({ path, file: new File(['{}'], path) })),
  },
};

async function createStarted(opened: { store: WeightStore; refusal?: InsituError }) {
  const api = createApi(undefined, { openStore: async () => opened });
  await api.start(start, anyPort());
  return api;
}

/** What one load tells about storing, to its end. */
async function storingOf(opened: { store: WeightStore; refusal?: InsituError }, loadRequest = request) {
  const api = await createStarted(opened);
  const { port, events, ended } = createPort();
  const reply = await api.load(loadRequest, port);
  await ended;
  expect(reply).toMatchObject({ ok: true });
  expect(events().filter(({ status }) => status === 'ready')).toHaveLength(1);
  return events().filter(({ status }) => status === 'stored' || status === 'not-stored');
}

describe('the storing of a model', () => {
  it('is told after the answer, and ends its events', async () => {
    const gate = createGate();
    const lasting = createLasting();
    const store: WeightStore = {
      ...lasting,
      write: (...given) => gate.opened.then(() => lasting.write(...given)),
    };
    const api = await createStarted({ store });
    const { port, events, ended } = createPort();
    let over = false;
    void ended.then(() => (over = true));
    expect(await api.load(request, port)).toMatchObject({ ok: true });
    expect(events().at(-1)).toMatchObject({ status: 'ready' });
    expect(await run(api), 'it works').toMatchObject({ ok: true });
    expect(events().at(-1)).toMatchObject({ status: 'ready' });
    expect(over).toBe(false);
    gate.open();
    await ended;
    expect(events().at(-1)).toMatchObject({ status: 'stored', progress: 1 });
    expect(await lasting.list()).toHaveLength(paths.length);
  });

  it('is told by a load that fetched nothing as well', async () => {
    const store = createLasting();
    expect(await storingOf({ store })).toEqual([expect.objectContaining({ status: 'stored' })]);
    fetched.mockClear();
    const rules = { ...request.rules, revalidate: 'never' } as const;
    expect(await storingOf({ store }, { ...request, rules })).toEqual([expect.objectContaining({ status: 'stored' })]);
    expect(fetched).not.toHaveBeenCalled();
  });

  it('is no matter where memory was asked for', async () => {
    expect(await storingOf({ store: createMemoryStore() })).toEqual([]);
  });

  it('is told to fail before anything else where storage is refused', async () => {
    const opened = { store: createMemoryStore(), refusal };
    const { code, message, hint } = refusal;
    expect(await storingOf(opened)).toEqual([
      { status: 'not-stored', code, message, hint, loaded: 0, total: 0, progress: 0 },
    ]);
    expect(await storingOf({ store: createLasting() }), 'the control').toMatchObject([{ status: 'stored' }]);
  });

  it('is told to every load where storage is refused', async () => {
    const api = await createStarted({ store: createMemoryStore(), refusal });
    for (const _ of [1, 2]) {
      const { port, events, ended } = createPort();
      await api.load(request, port);
      await ended;
      expect(events()[0]).toMatchObject({ status: 'not-stored', code: 'STORAGE_UNAVAILABLE' });
    }
  });

  it('is told to fail once where storage is full, and the model works', async () => {
    const write = () => Promise.reject(new DOMException('Full.', 'QuotaExceededError'));
    const storing = await storingOf({ store: createLasting({ write }) });
    expect(storing).toEqual([expect.objectContaining({ status: 'not-stored', code: 'STORAGE_QUOTA' })]);
  });

  it.each([
    ['refused', { store: createMemoryStore(), refusal }],
    ['there', { store: createLasting() }],
  ])('is no matter of files of the disk, though storage is %s', async (_, opened) => {
    expect(await storingOf(opened, onDisk)).toEqual([]);
    expect(await opened.store.list()).toEqual([]);
    expect(fetched).not.toHaveBeenCalled();
  });

  it('is done when the model is unloaded, and keeps no other model from its turn', async () => {
    const gate = createGate();
    const lasting = createLasting();
    const store: WeightStore = {
      ...lasting,
      write: (...given) => gate.opened.then(() => lasting.write(...given)),
    };
    const api = await createStarted({ store });
    await api.load(request, createPort().port);
    await api.load(onDisk, createPort().port);
    let unloaded = false;
    const unloading = api.unload(1, anyPort()).then((reply) => {
      unloaded = true;
      return reply;
    });
    expect(await run(api, { modelId: 2, priority: 'background' })).toMatchObject({ ok: true });
    expect(unloaded, 'the worker may be ended then').toBe(false);
    gate.open();
    expect(await unloading).toEqual({ ok: true, value: null });
    expect(await lasting.list()).toHaveLength(paths.length);
  });
});

describe('the rules of a load', () => {
  it('reach its files: nothing is fetched where only local ones may be used', async () => {
    const api = await createStarted({ store: createLasting() });
    const local = { ...request, rules: { ...request.rules, localFilesOnly: true } };
    expect(await api.load(local, createPort().port)).toMatchObject({ ok: false, error: { code: 'MODEL_NOT_FOUND' } });
    expect(fetched).not.toHaveBeenCalled();
    expect(await api.load(request, createPort().port)).toMatchObject({ ok: true });
    await api.unload(1, anyPort());
    fetched.mockClear();
    expect(await api.load(local, createPort().port)).toMatchObject({ ok: true });
    expect(fetched).not.toHaveBeenCalled();
  });

  it('reach its files: the headers of the hub go with every request', async () => {
    const api = await createStarted({ store: createLasting() });
    const location = { ...request.location, headers: { Authorization: 'Bearer hf_secret' } } as LoadRequest['location'];
    expect(await api.load({ ...request, location }, createPort().port)).toMatchObject({ ok: true });
    expect(fetched.mock.calls.length).toBeGreaterThanOrEqual(paths.length);
    for (const [, init] of fetched.mock.calls) {
      expect(new Headers(init?.headers).get('Authorization')).toBe('Bearer hf_secret');
    }
  });
});
