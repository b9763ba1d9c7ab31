import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { WorkProgress } from '../protocol/weights-api.ts';
import { createNews, storeChecked } from '../weights/model/test-model.conformance.ts';
import { createMemoryStore } from '../weights/store/memory-store.ts';
import { bytesOf, config, folder, graph, read } from '../weights/store/test-database.conformance.ts';
import type { OpenedStore } from '../weights/store/open-store.ts';
import { createFileLocks } from '../weights/tabs/file-locks.ts';
import { createWeightsApi } from './serve-weights.ts';
import { anyPort, createPort, remote, tidyUp } from './test-worker.conformance.ts';

const model = remote('org/name', folder);
const elsewhere = remote('/models/name/', 'https://app.example/models/name/');
const commit = '0123456789abcdef0123456789abcdef01234567';
const refusal = new InsituError('STORAGE_UNAVAILABLE', 'The browser refuses storage.', { hint: 'Leave the sandbox.' });

let opened: OpenedStore;
let estimated: StorageEstimate | undefined;
beforeEach(() => {
  opened = { store: { ...createMemoryStore(), kind: 'indexeddb' } };
  estimated = undefined;
});
afterEach(tidyUp);

const createApi = () =>
  createWeightsApi({
    openStore: async () => opened,
    locks: createFileLocks(null),
    news: createNews(),
    estimate: async () => estimated,
  });

/** A pack of the model, from another machine. */
async function createPack(): Promise<Blob> {
  const api = createApi();
  await storeChecked(opened.store, config, { commit }, bytesOf(1, 2, 3));
  await storeChecked(opened.store, graph, { commit }, bytesOf(4, 5));
  await opened.store.editModel(folder, () => ({ reference: 'org/name', revision: 'main' }));
  const reply = await api.exportPack(model, anyPort());
  if (!reply.ok) throw new Error(reply.error.message);
  await api.clear(null, anyPort());
  return reply.value;
}

describe('a pack', () => {
  it('carries a model to another machine, and to another address', async () => {
    const pack = await createPack();
    const api = createApi();
    expect(await api.readManifest(pack, anyPort())).toMatchObject({
      ok: true,
      value: { model: 'org/name', revision: commit, files: [{ path: config.path }, { path: graph.path }] },
    });
    const { port, events } = createPort<WorkProgress>();
    expect(await api.importPack({ pack, location: elsewhere }, port)).toEqual({ ok: true, value: null });
    expect(events().at(-1)).toEqual({ loaded: 5, total: 5, progress: 1 });
    expect(await api.list(null, anyPort())).toMatchObject({
      ok: true,
      value: [{ model: '/models/name/', url: elsewhere.baseUrl }],
    });
    expect(await read(opened.store, { ...graph, model: elsewhere.baseUrl })).toEqual([4, 5]);
  });

  it('is not imported where storage is refused: it would be gone with the page', async () => {
    const pack = await createPack();
    const location = model;
    const { store } = opened;
    opened = { store: createMemoryStore(), refusal };
    expect(await createApi().importPack({ pack, location }, anyPort())).toMatchObject({
      ok: false,
      error: { code: 'STORAGE_UNAVAILABLE', message: 'The browser refuses storage.' },
    });
    opened = { store };
    expect(await createApi().importPack({ pack, location }, anyPort())).toMatchObject({ ok: true });
  });

  it('is not imported where there is no room', async () => {
    const pack = await createPack();
    estimated = { quota: 100, usage: 99 };
    const reply = await createApi().importPack({ pack, location: model }, anyPort());
    expect(reply).toMatchObject({ ok: false, error: { code: 'STORAGE_QUOTA' } });
    estimated = { quota: 1e9, usage: 0 };
    expect(await createApi().importPack({ pack, location: model }, anyPort())).toMatchObject({ ok: true });
  });

  it('is a tar file with a manifest', async () => {
    const pack = new Blob(['something else']);
    expect(await createApi().readManifest(pack, anyPort())).toMatchObject({
      ok: false,
      error: { code: 'INPUT_INVALID' },
    });
    expect(await createApi().importPack({ pack, location: model }, anyPort())).toMatchObject({
      ok: false,
      error: { code: 'INPUT_INVALID' },
    });
    expect(await createApi().list(null, anyPort())).toEqual({ ok: true, value: [] });
  });
});

describe('the usage of storage', () => {
  it('is what models take, and what the browser estimates', async () => {
    const api = createApi();
    await storeChecked(opened.store, config, {}, bytesOf(1, 2, 3));
    await storeChecked(opened.store, { ...graph, model: elsewhere.baseUrl }, {}, bytesOf(4, 5));
    expect(await api.usage(null, anyPort())).toEqual({ ok: true, value: { models: 5, storage: 'indexeddb' } });
    estimated = { usage: 700, quota: 1000 };
    expect(await api.usage(null, anyPort())).toEqual({
      ok: true,
      value: { models: 5, used: 700, quota: 1000, storage: 'indexeddb' },
    });
  });

  it('says that nothing is kept where storage is refused', async () => {
    opened = { store: createMemoryStore(), refusal };
    expect(await createApi().usage(null, anyPort())).toEqual({ ok: true, value: { models: 0, storage: 'memory' } });
    expect(await createApi().list(null, anyPort())).toEqual({ ok: true, value: [] });
  });
});
