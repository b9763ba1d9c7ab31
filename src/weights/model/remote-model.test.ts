import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useLockOf } from '../store/room-keeper.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { folder, graph, read } from '../store/test-database.conformance.ts';
import type { WeightStore } from '../store/weight-store.ts';
import { patternOf } from '../transfer/file-server.conformance.ts';
import type { WeightSources } from './remote-model.ts';
import {
  createGate,
  createSources,
  encode,
  load,
  location,
  manifestOf,
  openLoad,
  rules,
  serveModel,
} from './test-model.conformance.ts';

const body = patternOf(3000);
const config = encode('{"model_type":"bert"}');
const merges = { model: folder, path: 'merges.txt' };

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
  vi.useRealTimers();
});

const everything = [graph.path, 'config.json', merges.path];
const recordOf = async () => (await store.models()).get(folder);

describe('a file', () => {
  it('is fetched once, however often and in whatever way it is asked for', async () => {
    const { files } = openLoad(sources);
    const [first, has, second] = await Promise.all([
      files.find(graph.path),
      files.has(graph.path),
      files.find(graph.path),
      files.require(graph.path),
    ]);
    expect(first).toEqual(body);
    expect(second).toBe(first);
    expect(has).toBe(true);
    expect(await files.find(graph.path)).toBe(first);
    expect(server.asked()).toEqual([`GET ${graph.path}`]);
  });

  it('is known to be there before its bytes are', async () => {
    server.fail({ hangAt: 1000 });
    const controller = new AbortController();
    const { files, events } = openLoad(sources, { signal: controller.signal });
    expect(await files.has(graph.path)).toBe(true);
    expect(events.some(({ status }) => status === 'done')).toBe(false);
    controller.abort('enough');
    await expect(files.find(graph.path)).rejects.toBe('enough');
  });

  it('that the model lacks is undefined, and named where it is required', async () => {
    const { files, events } = openLoad(sources);
    expect(await files.has(merges.path)).toBe(false);
    expect(await files.find(merges.path)).toBeUndefined();
    await expect(files.require(merges.path)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining(`"org/name" has no merges.txt at ${folder}merges.txt`),
    });
    await expect(files.require('config.json')).resolves.toBeUndefined();
    expect(server.asked()).toEqual(['GET merges.txt', 'GET config.json']);
    expect(events[0]).toMatchObject({ status: 'initiate', file: 'merges.txt' });
  });

  it('that the store lacks is named so where nothing may be fetched', async () => {
    const { files } = openLoad(sources, { rules: { ...rules, localFilesOnly: true } });
    await expect(files.require('config.json')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringContaining('config.json in the store'),
      hint: expect.stringContaining('weights.prefetch()'),
    });
  });

  it('that fails does so for everybody who asks, and for nobody unhandled', async () => {
    server.fail({ status: 403 });
    const { files } = openLoad(sources);
    void files.has(graph.path);
    for (const asking of [files.has(graph.path), files.find(graph.path), files.require(graph.path)]) {
      await expect(asking).rejects.toMatchObject({ code: 'HTTP_STATUS' });
    }
    expect(server.requests).toHaveLength(1);
  });

  it('of another model in the same store is another one', async () => {
    await load(sources, everything);
    const other = openLoad(sources, { location: { ...location, baseUrl: `${folder}other/` } });
    expect(await other.files.has('config.json')).toBe(false);
    expect(server.asked().at(-1)).toBe('GET other/config.json');
  });
});

describe('a second load', () => {
  it('asks for nothing, also not for what is missing', async () => {
    const first = await load(sources, everything);
    server.forget();
    const second = await load(sources, everything, { rules: { ...rules, revalidate: 'never' } });
    expect(second.found).toEqual(first.found);
    expect(server.asked()).toEqual([]);
  });

  it('is told from one that fetches', async () => {
    const first = openLoad(sources);
    expect(await first.files.has(graph.path)).toBe(true);
    expect(first.files.fetching).toBe(true);
    await first.files.keep();
    const second = openLoad(sources);
    expect(await second.files.has(graph.path)).toBe(true);
    expect(second.files.fetching).toBe(false);
  });
});

describe('keep', () => {
  it('is what marks missing files: a load that fails leaves no marker', async () => {
    const { files } = openLoad(sources);
    await files.find(merges.path);
    expect(await store.find(merges)).toEqual({});
    await files.keep();
    expect(await store.find(merges)).toEqual({ missing: true });
  });

  it.each([
    ['a manifest says what there is', { manifest: manifestOf({ [graph.path]: body }) }],
    ['nothing may be fetched', { localFilesOnly: true }],
  ])('marks nothing as missing where %s', async (_, changed) => {
    await load(sources, everything, { rules: { ...rules, ...changed } });
    expect(await store.find(merges)).toEqual({});
  });

  it('resolves when everything is stored, with whether the next visit finds it', async () => {
    const { open, opened } = createGate();
    const slow: WeightStore = {
      ...store,
      kind: 'indexeddb',
      write: (...given) => opened.then(() => store.write(...given)),
    };
    const { files } = openLoad(createSources(slow));
    await files.find(graph.path);
    const kept = files.keep();
    open();
    expect(await kept).toBe(true);
    expect(await read(store, graph)).toEqual([...body]);
    expect(await openLoad(sources).files.keep()).toBe(false);
  });

  it('remembers the model and when it was used, and what was remembered before', async () => {
    await store.editModel(folder, () => ({ reference: 'Org/Name', pinned: true, verifiedAt: 7 }));
    const before = Date.now();
    await load(sources, [graph.path]);
    const record = await recordOf();
    expect(record).toEqual({
      reference: 'org/name',
      revision: 'main',
      pinned: true,
      verifiedAt: 7,
      usedAt: expect.any(Number),
      touchedAt: record!.usedAt,
      checkedIn: ['session 1'],
    });
    expect(record!.usedAt).toBeGreaterThanOrEqual(before);
  });

  it('remembers the last sessions in which the server was asked', async () => {
    for (let session = 1; session <= 20; session++) {
      await load(sources, [graph.path], { rules: { ...rules, session: `${session}` } });
    }
    const last = Array.from({ length: 16 }, (_, index) => `${index + 5}`);
    expect((await recordOf())!.checkedIn).toEqual(last);
    await load(sources, [graph.path], { rules: { ...rules, session: '20' } });
    await load(sources, [graph.path], { rules: { ...rules, session: '21', revalidate: 'never' } });
    await load(sources, [graph.path], { rules: { ...rules, session: '22', localFilesOnly: true } });
    expect((await recordOf())!.checkedIn).toEqual(last);
  });
});

describe('storing', () => {
  it('waits for keep: the processor is for the model that starts', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { files } = openLoad(sources);
    await files.find(graph.path);
    await vi.advanceTimersByTimeAsync(999);
    expect(await store.find(graph)).toEqual({});
    await files.keep();
    expect(await read(store, graph)).toEqual([...body]);
  });

  it('does not wait longer than a second: what a slow connection brings is not lost', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { open, opened } = createGate();
    const watched: WeightStore = {
      ...store,
      async write(...given) {
        const writer = await store.write(...given);
        return { ...writer, commit: (info) => writer.commit(info).then(open) };
      },
    };
    await openLoad(createSources(watched)).files.find(graph.path);
    await vi.advanceTimersByTimeAsync(1000);
    await opened;
    expect(await read(store, graph)).toEqual([...body]);
  });

  it('is all that a prefetch does: it holds no bytes, and uses nothing', async () => {
    const { files, events } = openLoad(sources, { storeOnly: true });
    expect(await files.has(graph.path)).toBe(true);
    expect(await files.find(graph.path)).toBeUndefined();
    await files.keep();
    expect(await read(store, graph)).toEqual([...body]);
    expect(events.at(-1)).toMatchObject({ status: 'done', fileLoaded: body.length, progress: 1 });
    const record = await recordOf();
    expect(record).toMatchObject({ reference: 'org/name', touchedAt: expect.any(Number) });
    expect(record).not.toHaveProperty('usedAt');
  });
});

it('a model is in use until it is released', async () => {
  const { files } = openLoad(sources);
  await files.find(graph.path);
  await files.keep();
  expect(await sources.locks.ifUnused(useLockOf(folder), async () => 'evicted')).toBeUndefined();
  files.release();
  expect(await sources.locks.ifUnused(useLockOf(folder), async () => 'evicted')).toBe('evicted');
});
