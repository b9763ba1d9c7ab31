import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { PrefetchRequest } from '../protocol/weights-api.ts';
import type { LoadRequest } from '../protocol/worker-api.ts';
import { createNews, encode, serveModel } from '../weights/model/test-model.conformance.ts';
import { createMemoryStore } from '../weights/store/memory-store.ts';
import { bytesOf, folder, wholeOf } from '../weights/store/test-database.conformance.ts';
import type { WeightStore } from '../weights/store/weight-store.ts';
import { createFileLocks } from '../weights/tabs/file-locks.ts';
import { type WeightsParts, createWeightsApi } from './serve-weights.ts';
import {
  anyPort,
  createApi,
  createPort,
  paths,
  plan,
  remote,
  rules,
  run,
  start,
  tidyUp,
} from './test-worker.conformance.ts';

const request: PrefetchRequest = {
  task: 'feature-extraction',
  location: remote('org/name', folder),
  dtype: undefined,
  rules,
};
const contentOf = (path: string) => `{"is":"${path}"}`;
const refusal = new InsituError('STORAGE_UNAVAILABLE', 'The browser refuses storage.', { hint: 'Leave the sandbox.' });

let store: WeightStore;
let server: ReturnType<typeof serveModel>;
beforeEach(() => {
  store = { ...createMemoryStore(), kind: 'indexeddb' };
  server = serveModel(Object.fromEntries(paths.map((path) => [path, encode(contentOf(path))])));
});
afterEach(tidyUp);

const createStore = (parts: Partial<WeightsParts> = {}) =>
  createWeightsApi({
    openStore: async () => ({ store }),
    locks: createFileLocks(null),
    news: createNews(),
    estimate: async () => undefined,
    ...parts,
  });

/** The files of a model that can be opened. */
async function open(given: Partial<PrefetchRequest> = {}, api = createStore()) {
  const reply = await api.open({ ...request, ...given }, createPort().port);
  if (!reply.ok) throw new Error(reply.error.message);
  return reply.value;
}

const failure = (code: string, says = /./) => ({
  ok: false,
  error: { code, message: expect.stringMatching(says), hint: expect.any(String) },
});

describe('open', () => {
  it('gives the files that the task needs, with their folders', async () => {
    const files = await open();
    expect(files.map(({ path }) => path)).toEqual(paths);
    expect(files.map(({ file }) => file.name)).toEqual(paths.map((path) => path.split('/').at(-1)));
    expect(await Promise.all(files.map(({ file }) => file.text()))).toEqual(paths.map(contentOf));
  });

  it('stores what it fetches, tells its progress, and fetches it once', async () => {
    const { port, events } = createPort();
    await createStore().open(request, port);
    expect(events().filter(({ status }) => status === 'done')).toHaveLength(paths.length);
    expect(events().at(-1)).toMatchObject({ status: 'stored', progress: 1 });
    const states = (await store.list(folder)).map(({ path, state }) => `${state} ${path}`);
    expect(states.sort()).toEqual(paths.map((path) => `whole ${path}`).sort());

    server.forget();
    const files = await open();
    expect(server.asked()).toEqual([]);
    expect(await files.at(-1)!.file.text()).toBe(contentOf(paths.at(-1)!));
  });

  it('keeps nothing where the client keeps weights in memory', async () => {
    const { port, events } = createPort();
    const reply = await createStore().open({ ...request, storage: 'memory' }, port);
    expect(reply.ok && (await Promise.all(reply.value.map(({ file }) => file.text())))).toEqual(paths.map(contentOf));
    expect(await store.list(folder)).toEqual([]);
    expect(events().map(({ status }) => status)).not.toContain('stored');
  });

  it('says whether the next visit will find it', async () => {
    const [kept, lost] = [createPort(), createPort()];
    await createStore().open(request, kept.port);
    expect(kept.events().at(-1)).toMatchObject({ status: 'stored', progress: 1 });
    await createStore({ openStore: async () => ({ store: createMemoryStore(), refusal }) }).open(request, lost.port);
    expect(lost.events().at(-1)).toMatchObject({ status: 'not-stored', code: 'STORAGE_UNAVAILABLE' });
  });

  it('gives the graph of the dtype it is asked for', async () => {
    server.serve('onnx/model_fp16.onnx', encode('fp16'));
    const files = await open({ dtype: 'fp16' });
    expect(files.map(({ path }) => path).filter((path) => path.startsWith('onnx/'))).toEqual(['onnx/model_fp16.onnx']);
  });

  it('gives what a worker without a network can load', async () => {
    const files = await open();
    server.forget();
    const location: LoadRequest['location'] = { kind: 'disk', reference: 'org/name', files };
    const api = createApi();
    await api.start(start, anyPort());
    expect(await api.load({ ...request, location }, createPort().port)).toMatchObject({
      ok: true,
      value: { plan, bytes: paths.reduce((sum, path) => sum + contentOf(path).length, 0) },
    });
    expect(await run(api)).toMatchObject({ ok: true });
    expect(server.asked()).toEqual([]);
  });

  it('works where storage is refused, as long as this worker lives', async () => {
    const api = createStore({ openStore: async () => ({ store: createMemoryStore(), refusal }) });
    expect(await api.prefetch(request, anyPort()), 'the control').toMatchObject(failure('STORAGE_UNAVAILABLE'));
    const { port, events } = createPort();
    expect(await api.open(request, port)).toMatchObject({ ok: true, value: { length: paths.length } });
    expect(events().at(-1)).toMatchObject({ status: 'not-stored', code: 'STORAGE_UNAVAILABLE' });
    expect(events().map(({ status }) => status)).not.toContain('stored');
    server.forget();
    expect(await open({}, api)).toHaveLength(paths.length);
    expect(server.asked()).toEqual([]);
  });

  it('keeps nothing where memory is asked for, and uses nothing that is stored', async () => {
    const { port, events } = createPort();
    expect(await createStore().open({ ...request, storage: 'memory' }, port)).toMatchObject({
      ok: true,
      value: paths.map((path) => ({ path })),
    });
    expect(await store.list()).toEqual([]);
    expect(await store.models()).toEqual(new Map());
    const told = new Set(events().map(({ status }) => status));
    expect(told).not.toContain('stored');
    expect(told).not.toContain('not-stored');

    await open();
    server.forget();
    await createStore().open({ ...request, storage: 'memory' }, anyPort());
    expect(server.asked()).toHaveLength(paths.length);
  });

  it('finds what was damaged in the store, and fetches it anew when it is called again', async () => {
    await open();
    const damaged = { model: folder, path: paths.at(-1)! };
    await store.replacePart(damaged, (await wholeOf(store, damaged)).id, 0, bytesOf(6, 6, 6));
    server.forget();
    const reply = await createStore().open(request, anyPort());
    expect(reply).toMatchObject({
      ...failure('INTEGRITY_MISMATCH', /model_quantized\.onnx/),
      error: { retryable: true },
    });
    expect(server.asked()).toEqual([]);
    const files = await open();
    expect(await files.at(-1)!.file.text()).toBe(contentOf(damaged.path));
    expect(server.asked()).toEqual([`GET ${damaged.path}`]);
  });

  it('fails where the model is not there', async () => {
    const location = remote('org/other', 'https://models.example/org/other/');
    const reply = await createStore().open({ ...request, location }, anyPort());
    expect(reply).toMatchObject(failure('MODEL_NOT_FOUND', /org\/other/));
    expect(await open()).toHaveLength(paths.length);
  });

  it('fetches nothing where only local files may be used', async () => {
    const localFilesOnly = { ...request, rules: { ...rules, localFilesOnly: true } };
    expect(await createStore().open(localFilesOnly, anyPort())).toMatchObject(failure('MODEL_NOT_FOUND'));
    expect(server.asked()).toEqual([]);
    await open();
    expect(await open(localFilesOnly)).toHaveLength(paths.length);
  });

  it('fails where storage is full', async () => {
    const write = () => Promise.reject(new DOMException('Full.', 'QuotaExceededError'));
    const full = createStore({ openStore: async () => ({ store: { ...store, write } }) });
    expect(await full.open(request, anyPort())).toMatchObject(failure('STORAGE_QUOTA'));
    expect(await open()).toHaveLength(paths.length);
  });

  it('has nothing to do with files of the disk', async () => {
    const location = { kind: 'disk', reference: '1 files of the disk', files: [] } as const;
    expect(await createStore().open({ ...request, location }, anyPort())).toMatchObject(failure('OPTION_INVALID'));
  });

  it('can be aborted', async () => {
    server.failAlways({ hangAt: 'answer' });
    const { port, abort } = createPort();
    const opening = createStore().open(request, port);
    await vi.waitFor(() => expect(server.asked()).toHaveLength(paths.length));
    abort();
    expect(await opening).toMatchObject({ ok: false });
    expect(server.requests.every(({ signal }) => signal?.aborted)).toBe(true);
  });
});
