import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileRules, RemoteModel } from '../../protocol/model-location.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { folder, graph, read, wholeOf } from '../store/test-database.conformance.ts';
import type { WeightStore } from '../store/weight-store.ts';
import { createFileLocks } from '../tabs/file-locks.ts';
import { patternOf } from '../transfer/file-server.conformance.ts';
import type { RemoteFileContext } from './remote-file.ts';
import type { WeightSources } from './remote-model.ts';
import {
  createNews,
  createSources,
  getOnce,
  location,
  manifestOf,
  rules,
  serveModel,
  storeChecked,
} from './test-model.conformance.ts';

const body = patternOf(5000);
const newer = patternOf(6000, 1);

let server: ReturnType<typeof serveModel>;
let store: WeightStore;
let sources: WeightSources;
beforeEach(() => {
  server = serveModel({ [graph.path]: { body, etag: '"1"' } });
  store = createMemoryStore();
  sources = createSources(store);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const get = (options: Partial<RemoteFileContext> = {}, from = sources) => getOnce(graph, from, options);

const withRules = (changed: Partial<FileRules>, at: Partial<RemoteModel> = {}) => ({
  rules: { ...rules, ...changed },
  location: { ...location, ...at },
});

const storeFile = () => storeChecked(store, graph, { etag: '"1"' }, body.slice(0, 2000), body.slice(2000));
const fromStore = { source: 'store', bytes: body };
const fromNetwork = { source: 'network', bytes: body };

describe('a file in the store', () => {
  it('is read, and the server is not asked', async () => {
    await storeFile();
    const { file, events } = await get();
    expect(file).toEqual(fromStore);
    expect(server.asked()).toEqual([]);
    expect(events).toMatchObject([
      { status: 'initiate', file: graph.path },
      { status: 'download', source: 'memory', fileTotal: 5000 },
    ]);
  });

  it('of a browser is told as such', async () => {
    await storeFile();
    const { events } = await get({}, createSources({ ...store, kind: 'indexeddb' }));
    expect(events.at(-1)).toMatchObject({ source: 'store' });
  });

  it('is not read where only the store wants it', async () => {
    await storeFile();
    expect((await get({ inMemory: false })).file).toEqual({ source: 'store', bytes: undefined });
    expect(server.asked()).toEqual([]);
  });

  it('is fetched the first time, and not the second', async () => {
    expect((await get()).file).toEqual(fromNetwork);
    expect((await get()).file).toEqual(fromStore);
    expect(server.asked()).toEqual([`GET ${graph.path}`]);
  });

  it('that has lost parts of its record is fetched', async () => {
    await storeChecked(store, graph, { etag: '"1"', size: 5000 }, body.slice(0, 2000));
    expect((await get()).file).toEqual(fromNetwork);
    expect((await get()).file).toEqual(fromStore);
  });

  it('is fetched where the store does not answer', async () => {
    const blocked = () => Promise.reject(new Error('blocked'));
    expect((await get({}, createSources({ ...store, find: blocked }))).file).toEqual(fromNetwork);
  });
});

describe('a file that is known to be missing', () => {
  it('is not asked for', async () => {
    await store.writeMissing(graph);
    expect((await get()).file).toBeUndefined();
    expect(server.asked()).toEqual([]);
  });

  it('is asked for where a manifest names it', async () => {
    await store.writeMissing(graph);
    expect((await get(withRules({ manifest: manifestOf({ [graph.path]: body }) }))).file).toEqual(fromNetwork);
  });

  it('is undefined where the server says so, which is not stored here', async () => {
    server.remove(graph.path);
    expect((await get()).file).toBeUndefined();
    expect(await store.find(graph)).toEqual({});
  });
});

describe('a manifest', () => {
  it('that does not name a file says that there is none', async () => {
    await storeFile();
    const { file, events } = await get(withRules({ manifest: manifestOf({ 'config.json': body }) }));
    expect(file).toBeUndefined();
    expect(events).toEqual([]);
    expect(server.asked()).toEqual([]);
  });

  it('is what a stored file must be: another one is fetched anew', async () => {
    await storeFile();
    expect((await get(withRules({ manifest: manifestOf({ [graph.path]: body }) }))).file).toEqual(fromStore);
    server.serve(graph.path, newer);
    const { file } = await get(withRules({ manifest: manifestOf({ [graph.path]: newer }) }));
    expect(file).toEqual({ source: 'network', bytes: newer });
    expect(await read(store, graph)).toEqual([...newer]);
  });

  it('tells the size before the server does', async () => {
    const { events } = await get(withRules({ manifest: manifestOf({ [graph.path]: body }) }));
    expect(events[1]).toMatchObject({ status: 'download', total: 5000 });
  });
});

describe('revalidate: always', () => {
  const always = withRules({ revalidate: 'always' });

  it('asks the server first, and reads what has not changed', async () => {
    await storeFile();
    expect((await get(always)).file).toEqual(fromStore);
    expect(server.asked()).toEqual([`HEAD ${graph.path}`]);
  });

  it('fetches what has changed', async () => {
    await storeFile();
    server.serve(graph.path, { body: newer, etag: '"2"' });
    expect((await get(always)).file).toEqual({ source: 'network', bytes: newer });
    expect(server.asked()).toEqual([`HEAD ${graph.path}`, `GET ${graph.path}`]);
    expect((await wholeOf(store, graph)).info.etag).toBe('"2"');
  });

  it('fetches what has changed once, for two loads at once', async () => {
    await storeFile();
    server.serve(graph.path, { body: newer, etag: '"2"' });
    const files = await Promise.all([get(always), get(always)]);
    expect(files.map(({ file }) => file?.bytes)).toEqual([newer, newer]);
    expect(server.rangesOf(folder + graph.path)).toEqual(['whole']);
  });

  it('finds what was missing, and misses what is gone', async () => {
    await store.writeMissing(graph);
    expect((await get(always)).file).toEqual(fromNetwork);
    server.remove(graph.path);
    expect((await get(always)).file).toBeUndefined();
  });

  it('reads what is stored where the server cannot be asked', async () => {
    await storeFile();
    server.fail({ refuses: true });
    expect((await get(always)).file).toEqual(fromStore);
  });

  it.each([
    ['the address names one version for ever', withRules({ revalidate: 'always' }, { immutable: true })],
    [
      'a manifest says what it must be',
      withRules({ revalidate: 'always', manifest: manifestOf({ [graph.path]: body }) }),
    ],
    ['nothing may be fetched', withRules({ revalidate: 'always', localFilesOnly: true })],
    ['revalidate is background', withRules({ revalidate: 'background' })],
    ['revalidate is never', withRules({ revalidate: 'never' })],
  ])('does not ask where %s', async (_, options) => {
    await storeFile();
    server.serve(graph.path, { body: newer, etag: '"2"' });
    expect((await get(options)).file).toEqual(fromStore);
    expect(server.asked()).toEqual([]);
  });
});

describe('localFilesOnly', () => {
  it('gives what the store has, and fetches nothing', async () => {
    const local = withRules({ localFilesOnly: true });
    expect((await get(local)).file).toBeUndefined();
    await storeFile();
    expect((await get(local)).file).toEqual(fromStore);
    expect(server.asked()).toEqual([]);
  });
});

describe('a stored file that was damaged', () => {
  const damage = async () => {
    await storeFile();
    await store.replacePart(graph, (await wholeOf(store, graph)).id, 1, new Uint8Array(3000));
  };

  it('is repaired by what is damaged, which was fetched', async () => {
    await damage();
    expect((await get()).file).toEqual(fromNetwork);
    expect(server.asked()).toEqual([`GET ${graph.path} bytes=2000-4999`]);
    expect((await get()).file).toEqual(fromStore);
    expect(server.requests).toHaveLength(1);
  });

  it('is fetched anew where the server has another version', async () => {
    await damage();
    server.serve(graph.path, { body: newer, etag: '"2"' });
    expect((await get()).file).toEqual({ source: 'network', bytes: newer });
    expect(await read(store, graph)).toEqual([...newer]);
  });

  it('is INTEGRITY_MISMATCH where the server no longer has it', async () => {
    await damage();
    server.remove(graph.path);
    await expect(get()).rejects.toMatchObject({ code: 'INTEGRITY_MISMATCH' });
  });

  it('is INTEGRITY_MISMATCH where nothing may be fetched', async () => {
    await damage();
    await expect(get(withRules({ localFilesOnly: true }))).rejects.toMatchObject({ code: 'INTEGRITY_MISMATCH' });
    expect(server.asked()).toEqual([]);
  });
});

describe('two loads at once', () => {
  it('fetch once', async () => {
    const [one, other] = await Promise.all([get(), get()]);
    expect([one.file, other.file]).toEqual([fromNetwork, fromStore]);
    expect(server.asked()).toEqual([`GET ${graph.path}`]);
  });

  it('in two tabs hear how far it is', async () => {
    const news = createNews();
    const waiting = { ...sources, news };
    server.fail({ hangAt: 3072 });
    const controller = new AbortController();
    const first = get({ signal: controller.signal }, waiting);
    first.catch(() => {});
    const heard = new Promise<void>((resolve) => void news.listen(graph, () => resolve()));
    const second = get({}, waiting);
    await heard;
    controller.abort('closed');
    await expect(first).rejects.toBe('closed');
    const { file, events } = await second;
    expect(file?.bytes).toEqual(body);
    const progress = events.find(({ status }) => status === 'download');
    expect(progress).toMatchObject({ source: 'network', fileTotal: 5000 });
  });

  it('do not fail both when one does: the other tries', async () => {
    server.fail({ status: 403 });
    const results = await Promise.allSettled([get(), get()]);
    expect(results).toMatchObject([{ reason: { code: 'HTTP_STATUS' } }, { value: { file: fromNetwork } }]);
  });

  it('do not wait for a tab that is frozen, but for one that is slow', async () => {
    vi.useFakeTimers();
    const locks = createFileLocks(null);
    const never = new AbortController().signal;
    void locks.exclusive(`file ${folder}${graph.path}`, never, never, () => new Promise(() => {}));
    const getting = get({}, { ...sources, locks });
    for (let seconds = 0; seconds < 60; seconds += 15) {
      await vi.advanceTimersByTimeAsync(15_000);
      sources.news.tell({ ...graph, loaded: seconds, total: 5000 });
    }
    await vi.advanceTimersByTimeAsync(19_000);
    expect(server.asked()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    expect((await getting).file).toEqual(fromNetwork);
  });

  it('of which one is aborted while it waits do not disturb the other', async () => {
    const controller = new AbortController();
    const first = get();
    const second = get({ signal: controller.signal });
    controller.abort('enough');
    await expect(second).rejects.toBe('enough');
    expect((await first).file).toEqual(fromNetwork);
  });
});

it('an abort while the store is read asks the network for nothing', async () => {
  const controller = new AbortController();
  const reading: WeightStore = {
    ...store,
    async find() {
      controller.abort('enough');
      return {};
    },
  };
  await expect(get({ signal: controller.signal }, createSources(reading))).rejects.toBe('enough');
  expect(server.asked()).toEqual([]);
});
