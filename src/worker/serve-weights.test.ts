import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { LoadEvent } from '../protocol/load-event.ts';
import type { CallPort } from '../protocol/method.ts';
import type { PrefetchRequest, WeightsApi, WorkProgress } from '../protocol/weights-api.ts';
import type { Dtype } from '../protocol/worker-api.ts';
import { useLockOf } from '../weights/store/room-keeper.ts';
import {
  createNews,
  encode,
  manifestOf,
  serveModel,
  sha256Of,
  storeChecked,
} from '../weights/model/test-model.conformance.ts';
import { createMemoryStore } from '../weights/store/memory-store.ts';
import { bytesOf, config, folder, graph, storeBeginning } from '../weights/store/test-database.conformance.ts';
import type { WeightStore } from '../weights/store/weight-store.ts';
import { createFileLocks } from '../weights/tabs/file-locks.ts';
import { type WeightsParts, createWeightsApi } from './serve-weights.ts';
import { anyPort, createPort, remote, rules, tidyUp } from './test-worker.conformance.ts';

const model = remote('org/name', folder);
const other = remote('org/other', 'https://models.example/org/other/');
const paths = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];
const request: PrefetchRequest = { task: 'feature-extraction', location: model, dtype: undefined, rules };
const refusal = new InsituError('STORAGE_UNAVAILABLE', 'The browser refuses storage.', { hint: 'Leave the sandbox.' });

let store: WeightStore;
beforeEach(() => {
  store = { ...createMemoryStore(), kind: 'indexeddb' };
});
afterEach(tidyUp);

const createApi = (parts: Partial<WeightsParts> = {}): WeightsApi =>
  createWeightsApi({
    openStore: async () => ({ store }),
    locks: createFileLocks(null),
    news: createNews(),
    estimate: async () => undefined,
    ...parts,
  });
/** One in a browser that refuses storage. */
const createRefused = () => createApi({ openStore: async () => ({ store: createMemoryStore(), refusal }) });
const serve = () => serveModel(Object.fromEntries(paths.map((path) => [path, encode(`{"is":"${path}"}`)])));
const storePart = (path: string) => storeBeginning(store, { model: folder, path }, { size: 9 }, bytesOf(1, 2));
const storeWhole = (path: string) => storeChecked(store, { model: folder, path }, {}, bytesOf(1, 2, 3));
const has = (api: WeightsApi, dtype?: Dtype, location = model) => api.has({ location, dtype }, anyPort());
const pin = (api: WeightsApi, pinned: boolean, location = model) => api.pin({ location, pinned }, anyPort());

const failure = (code: string, says = /./) => ({
  ok: false,
  error: { code, message: expect.stringMatching(says), hint: expect.any(String) },
});

/** A call that tells of its progress, to its end. */
async function work<T, Event = LoadEvent>(method: (port: CallPort<Event>) => Promise<T>) {
  const { port, events } = createPort<Event>();
  const reply = await method(port);
  return { reply, events: events() };
}

describe('prefetch', () => {
  it('stores what a load would fetch, tells its progress, and is done when all of it is stored', async () => {
    const server = serve();
    const { reply, events } = await work((port) => createApi().prefetch(request, port));
    expect(reply).toEqual({ ok: true, value: null });
    expect((await store.list(folder)).map(({ path, state }) => `${state} ${path}`).sort()).toEqual(
      paths.map((path) => `whole ${path}`).sort(),
    );
    expect(events.filter(({ status }) => status === 'done')).toHaveLength(paths.length);
    expect(events.at(-1)).toMatchObject({ progress: 1 });

    server.forget();
    expect((await work((port) => createApi().prefetch(request, port))).reply).toEqual({ ok: true, value: null });
    expect(server.asked(), 'what is stored is not fetched again').toEqual([]);
  });

  it('counts as no use of the model', async () => {
    serve();
    const api = createApi();
    await work((port) => api.prefetch(request, port));
    expect(await api.list(null, anyPort())).toMatchObject({
      ok: true,
      value: [{ model: 'org/name', url: folder, inUse: false }],
    });
    expect((await store.models()).get(folder)).not.toHaveProperty('usedAt');
  });

  it('fails where storage is refused, and fetches nothing', async () => {
    const server = serve();
    const { reply } = await work((port) => createRefused().prefetch(request, port));
    expect(reply).toMatchObject(failure('STORAGE_UNAVAILABLE', /refuses storage/));
    expect(server.asked()).toEqual([]);
  });

  it.each([
    ['has no room for it', { estimate: async () => ({ quota: 10, usage: 0 }) }],
    [
      'is full',
      {
        openStore: async () => ({
          store: { ...store, write: () => Promise.reject(new DOMException('Full.', 'QuotaExceededError')) },
        }),
      },
    ],
  ])('fails where storage %s', async (_, parts) => {
    serve();
    const { reply } = await work((port) => createApi(parts).prefetch(request, port));
    expect(reply).toMatchObject(failure('STORAGE_QUOTA'));
    expect((await work((port) => createApi().prefetch(request, port))).reply).toMatchObject({ ok: true });
  });

  it('fails where the model is not there', async () => {
    serve();
    const elsewhere = { ...request, location: other };
    const { reply } = await work((port) => createApi().prefetch(elsewhere, port));
    expect(reply).toMatchObject(failure('MODEL_NOT_FOUND', /org\/other/));
    expect((await work((port) => createApi().prefetch(request, port))).reply).toMatchObject({ ok: true });
  });

  it('fails where a file is not what the manifest says', async () => {
    serve();
    const files = Object.fromEntries(paths.map((path) => [path, encode(`{"is":"${path}"}`)]));
    const held = (changes: typeof files) => ({
      ...request,
      rules: { ...rules, manifest: manifestOf({ ...files, ...changes }) },
    });
    const changed = held({ 'config.json': encode('{"is":"evil.json!!"}') });
    expect((await work((port) => createApi().prefetch(changed, port))).reply).toMatchObject({ ok: false });
    expect((await work((port) => createApi().prefetch(held({}), port))).reply).toMatchObject({ ok: true });
  });

  it('has nothing to do with files of the disk', async () => {
    const location = { kind: 'disk', reference: '1 files of the disk', files: [] } as const;
    const { reply } = await work((port) => createApi().prefetch({ ...request, location }, port));
    expect(reply).toMatchObject(failure('OPTION_INVALID'));
  });

  it('can be aborted', async () => {
    const server = serve();
    server.failAlways({ hangAt: 'answer' });
    const { port, abort } = createPort();
    const prefetching = createApi().prefetch(request, port);
    await vi.waitFor(() => expect(server.asked()).toHaveLength(paths.length));
    abort();
    expect(await prefetching).toMatchObject({ ok: false });
    expect(server.requests.every(({ signal }) => signal?.aborted)).toBe(true);
  });
});

describe('has', () => {
  it('is whether a graph is stored in full', async () => {
    const api = createApi();
    const answer = async () => {
      const reply = await has(api);
      return reply.ok && reply.value;
    };
    expect(await answer()).toBe(false);
    await storeWhole('config.json');
    expect(await answer(), 'no graph').toBe(false);
    await storePart('onnx/model_q4.onnx');
    expect(await answer(), 'an unfinished one').toBe(false);
    await storeWhole('onnx/model_quantized.onnx');
    expect(await answer(), 'a whole one beside that').toBe(true);
    expect(await has(api, undefined, other)).toEqual({ ok: true, value: false });
  });

  it('is whether a graph of that dtype is', async () => {
    const api = createApi();
    await storeWhole('onnx/model_quantized.onnx');
    await storePart('onnx/model_fp16.onnx');
    await store.writeMissing({ model: folder, path: 'onnx/model_q4.onnx' });
    const answers = await Promise.all((['q8', 'fp16', 'q4', 'fp32'] as const).map((dtype) => has(api, dtype)));
    expect(answers.map((reply) => reply.ok && reply.value)).toEqual([true, false, false, false]);
  });

  it('wants all graphs that were begun of a dtype', async () => {
    const api = createApi();
    await storeWhole('onnx/encoder_model.onnx');
    expect(await has(api)).toEqual({ ok: true, value: true });
    await storePart('onnx/decoder_model.onnx');
    expect(await has(api)).toEqual({ ok: true, value: false });
    expect(await has(api, 'fp32')).toEqual({ ok: true, value: false });
  });
});

describe('what is stored', () => {
  it('is listed, and says whether it is in use', async () => {
    const locks = createFileLocks(null);
    const api = createApi({ locks });
    expect(await api.list(null, anyPort())).toEqual({ ok: true, value: [] });
    await storeChecked(store, config, {}, bytesOf(1, 2, 3));
    const release = locks.share(useLockOf(folder));
    const files = [{ path: config.path, size: 3, complete: true, sha256: sha256Of(bytesOf(1, 2, 3)) }];
    expect(await api.list(null, anyPort())).toEqual({
      ok: true,
      value: [expect.objectContaining({ url: folder, size: 3, files, pinned: false, inUse: true })],
    });
    release();
    expect(await api.list(null, anyPort())).toMatchObject({ ok: true, value: [{ inUse: false }] });
  });

  it('is removed, and the other models stay', async () => {
    const api = createApi();
    await storeChecked(store, config, {}, bytesOf(1));
    await storeChecked(store, { ...config, model: other.baseUrl }, {}, bytesOf(1));
    expect(await api.remove(model, anyPort())).toEqual({ ok: true, value: null });
    expect(await api.list(null, anyPort())).toMatchObject({ ok: true, value: [{ url: other.baseUrl }] });
    expect(await api.remove(model, anyPort()), 'also when it is gone').toEqual({ ok: true, value: null });
    expect(await api.clear(null, anyPort())).toEqual({ ok: true, value: null });
    expect(await api.list(null, anyPort())).toEqual({ ok: true, value: [] });
  });

  it('is pinned, and no longer', async () => {
    const api = createApi();
    await storeChecked(store, graph, {}, bytesOf(1));
    expect(await pin(api, true)).toEqual({ ok: true, value: null });
    expect(await api.list(null, anyPort())).toMatchObject({ ok: true, value: [{ model: 'org/name', pinned: true }] });
    await pin(api, false, { ...model, reference: folder });
    expect(await api.list(null, anyPort()), 'and keeps its name').toMatchObject({
      ok: true,
      value: [{ model: 'org/name', pinned: false }],
    });
  });

  it('is verified, with its progress', async () => {
    const api = createApi();
    await storeChecked(store, config, {}, bytesOf(1, 2, 3));
    await storeChecked(store, graph, {}, bytesOf(4, 5));
    const { reply, events } = await work((port: CallPort<WorkProgress>) => api.verify(model, port));
    expect(reply).toEqual({ ok: true, value: { ok: true, damaged: [] } });
    expect(events.at(-1)).toEqual({ loaded: 5, total: 5, progress: 1 });

    const { whole } = await store.find(graph);
    await store.replacePart(graph, whole!.id, 0, bytesOf(4, 6));
    expect((await work((port: CallPort<WorkProgress>) => api.verify(model, port))).reply).toEqual({
      ok: true,
      value: { ok: false, damaged: [graph.path] },
    });
  });

  it.each<[string, (api: WeightsApi, port: CallPort) => Promise<unknown>]>([
    ['pinned', (api) => pin(api, true)],
    ['verified', (api, port) => api.verify(model, port)],
    ['exported', (api, port) => api.exportPack(model, port)],
  ])('only can be %s', async (_, call) => {
    const api = createApi();
    expect(await call(api, anyPort())).toMatchObject(failure('MODEL_NOT_FOUND', /org\/name/));
    expect(await store.models()).toEqual(new Map());
    await storeChecked(store, graph, {}, bytesOf(1));
    expect(await call(api, anyPort())).toMatchObject({ ok: true });
  });
});
