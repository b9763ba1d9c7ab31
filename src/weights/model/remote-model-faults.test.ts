import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useLockOf } from '../store/room-keeper.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { folder, graph, readPartial } from '../store/test-database.conformance.ts';
import type { WeightStore } from '../store/weight-store.ts';
import { patternOf } from '../transfer/file-server.conformance.ts';
import type { WeightSources } from './remote-model.ts';
import { createSources, encode, load, openLoad, serveModel } from './test-model.conformance.ts';

const body = patternOf(3000);
const config = encode('{"model_type":"bert"}');

let server: ReturnType<typeof serveModel>;
let store: WeightStore;
let sources: WeightSources;
beforeEach(() => {
  server = serveModel({ [graph.path]: body, 'config.json': config });
  store = createMemoryStore();
  sources = createSources(store);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const everything = [graph.path, 'config.json', 'merges.txt'];
describe('a store whose every method throws', () => {
  const refuse = () => Promise.reject(new DOMException('refused', 'InvalidStateError'));
  const broken: WeightStore = {
    kind: 'indexeddb',
    find: refuse,
    write: refuse,
    replacePart: refuse,
    annotate: refuse,
    writeMissing: refuse,
    remove: refuse,
    list: refuse,
    models: refuse,
    editModel: refuse,
    removeModel: refuse,
    clear: refuse,
  };

  it('does not stop a load, which tells once that it is not stored', async () => {
    const { files, events } = openLoad(createSources(broken));
    expect(await Promise.all(everything.map((path) => files.find(path)))).toEqual([body, config, undefined]);
    expect(await files.keep()).toBe(false);
    expect(events.filter(({ status }) => status === 'not-stored')).toMatchObject([{ code: 'STORAGE_UNAVAILABLE' }]);
    await expect(files.discard()).resolves.toBeUndefined();
    await expect(files.leave()).resolves.toBeUndefined();
  });

  it('stops a prefetch', async () => {
    const { files } = openLoad(createSources(broken), { storeOnly: true });
    await expect(files.find(graph.path)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    const working = openLoad(sources, { storeOnly: true });
    await expect(working.files.find(graph.path)).resolves.toBeUndefined();
  });
});

describe('a load that fails', () => {
  it('leaves what has arrived, and the next one asks for the rest', async () => {
    server.fail({ hangAt: 1024 });
    const controller = new AbortController();
    const { files } = openLoad(sources, { signal: controller.signal });
    const finding = files.find(graph.path);
    await new Promise<void>((resolve) => void sources.news.listen(graph, () => resolve()));
    controller.abort('enough');
    await expect(finding).rejects.toBe('enough');
    await files.leave();
    expect((await readPartial(store, graph))!.flat()).toEqual([...body.slice(0, 1024)]);
    expect((await load(sources, [graph.path])).found).toEqual([body]);
    expect(server.asked()).toEqual([`GET ${graph.path}`, `GET ${graph.path} bytes=1024-`]);
  });

  it('leaves a name by which the model is listed and evicted, and none of a model that is known', async () => {
    server.fail({ status: 403 }, { status: 403 });
    const { files } = openLoad(sources);
    await expect(files.find(graph.path)).rejects.toMatchObject({ code: 'HTTP_STATUS' });
    await files.leave();
    const record = { reference: 'org/name', revision: 'main', touchedAt: expect.any(Number) };
    expect((await store.models()).get(folder)).toEqual(record);
    await store.editModel(folder, () => ({ reference: 'Org/Name', usedAt: 7 }));
    const again = openLoad(sources);
    await expect(again.files.find(graph.path)).rejects.toMatchObject({ code: 'HTTP_STATUS' });
    await again.files.leave();
    expect((await store.models()).get(folder)).toEqual({ reference: 'Org/Name', usedAt: 7 });
  });

  it('leaves no model in use', async () => {
    const { files } = openLoad(sources);
    expect(await sources.locks.used()).toContain(useLockOf(folder));
    await files.leave();
    expect(await sources.locks.used()).toEqual(new Set());
  });

  it('because its files are no model forgets them all, and none of another model', async () => {
    const other = { model: 'https://models.example/other/', path: graph.path };
    await store.writeMissing(other);
    await load(sources, everything);
    const { files } = openLoad(sources);
    await Promise.all(everything.map((path) => files.find(path)));
    await files.discard();
    expect(await store.list()).toMatchObject([other]);
  });
});
