import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InsituError } from '../../errors/insitu-error.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { folder, graph, partialOf, read, readPartial, wholeOf } from '../store/test-database.conformance.ts';
import type { FileInfo, WeightStore } from '../store/weight-store.ts';
import { type Bytes, patternOf } from '../transfer/file-server.conformance.ts';
import { fetchIntoStore } from './fetch-into-store.ts';
import type { RemoteFileContext } from './remote-file.ts';
import {
  appendChecked,
  createContext,
  createGate,
  createNews,
  createSources,
  createWatched,
  serveModel,
  sha256Of,
} from './test-model.conformance.ts';

const body = patternOf(10_000);
const sha256 = sha256Of(body);
const url = folder + graph.path;

let server: ReturnType<typeof serveModel>;
let store: WeightStore;
let notStored: InsituError[];
beforeEach(() => {
  server = serveModel({ [graph.path]: { body, etag: '"1"' } });
  store = createMemoryStore();
  notStored = [];
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const onNotStored = (error: InsituError) => void notStored.push(error);

/** Fetches the file with what the store has of it. */
async function start(options: Partial<RemoteFileContext> = {}, inStore = store) {
  const context = createContext(createSources(inStore), { onNotStored, ...options });
  const onKnown = vi.fn();
  const fetching = fetchIntoStore(graph, await store.find(graph), context, undefined, onKnown);
  fetching.result.catch(() => {});
  return { ...fetching, onKnown };
}

/** Fetches the file and waits for everything. */
async function fetchFile(options: Partial<RemoteFileContext> = {}, inStore = store) {
  const { result, settled } = await start(options, inStore);
  const [outcome] = await Promise.allSettled([result, settled]);
  return outcome;
}

const storeBeginning = async (info: FileInfo, ...parts: Bytes[]) =>
  appendChecked(await store.write(graph, info), ...parts);

const fulfilled = (bytes: Bytes | undefined) => ({ status: 'fulfilled', value: { bytes } });

describe('a file that is fetched', () => {
  it('is given, and stored with what is known of it', async () => {
    server.serve(graph.path, {
      body,
      etag: '"1"',
      lastModified: 'Sun, 22 Nov 2026 10:00:00 GMT',
      headers: { 'x-repo-commit': 'c0ffee' },
    });
    const { result, settled, onKnown } = await start();
    expect(await result).toEqual({ bytes: body });
    expect(onKnown).toHaveBeenCalled();
    await settled;
    expect((await wholeOf(store, graph)).info).toEqual({
      etag: '"1"',
      lastModified: 'Sun, 22 Nov 2026 10:00:00 GMT',
      commit: 'c0ffee',
      size: body.length,
      sha256,
    });
    expect(await read(store, graph)).toEqual([...body]);
    expect(notStored).toEqual([]);
  });

  it('is given before it is stored, and settled after', async () => {
    const { open, opened } = createGate();
    const { result, settled } = await start({ writingMayBegin: opened });
    expect(await result).toEqual({ bytes: body });
    expect(await store.find(graph)).toEqual({});
    open();
    await settled;
    expect(await read(store, graph)).toEqual([...body]);
  });

  it('is not given where only the store wants it, and only then when it is stored', async () => {
    const { open, opened } = createGate();
    const { result } = await start({ inMemory: false, writingMayBegin: opened });
    const known = vi.fn();
    const waiting = result.then(known);
    await new Promise((resolve) => setImmediate(resolve));
    expect(known).not.toHaveBeenCalled();
    open();
    await waiting;
    expect(known).toHaveBeenCalledExactlyOnceWith({ bytes: undefined });
    expect(await read(store, graph)).toEqual([...body]);
  });

  it('is told of on the way: to the monitor of this load, and to other tabs, but not with every byte', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { monitor, events } = createWatched();
    const news = createNews();
    await fetchFile({ monitor, news });
    expect(events[0]).toMatchObject({ status: 'initiate', file: graph.path });
    expect(events[1]).toMatchObject({ status: 'download', fileTotal: body.length, source: 'network' });
    expect(news.told).toEqual([{ ...graph, loaded: 1024, total: body.length }]);
  });

  it('asks for room for what it lacks', async () => {
    const reserve = vi.fn(async () => undefined);
    const room = { reserve, evictOne: async () => false };
    await storeBeginning({ etag: '"1"', size: body.length }, body.slice(0, 4_000));
    await fetchFile({ room });
    expect(reserve.mock.calls).toEqual([[folder, 6_000]]);
  });

  it('that the server does not have is undefined, and its beginning goes', async () => {
    server.remove(graph.path);
    await storeBeginning({ etag: '"1"' }, body.slice(0, 100));
    expect(await fetchFile()).toEqual({ status: 'fulfilled', value: undefined });
    expect(await store.find(graph)).toEqual({});
  });
});

describe('an interrupted download', () => {
  const info = { etag: '"1"', size: body.length };

  it('is gone on with: exactly the missing bytes are fetched and written', async () => {
    await storeBeginning(info, body.slice(0, 3_000), body.slice(3_000, 4_000));
    const { id } = await partialOf(store, graph);
    const { monitor, events } = createWatched();
    expect(await fetchFile({ monitor })).toEqual(fulfilled(body));
    expect(server.rangesOf(url)).toEqual(['bytes=4000-']);
    const { id: now, parts } = await wholeOf(store, graph);
    expect(now).toBe(id);
    expect(parts.map(({ size }) => size)).toEqual([3_000, 1_000, 6_000]);
    expect(await read(store, graph)).toEqual([...body]);
    expect(events.find(({ status }) => status === 'download')).toMatchObject({ fileLoaded: 4_000 });
  });

  it('that lacks only its end needs no byte', async () => {
    await storeBeginning(info, body);
    expect(await fetchFile()).toEqual(fulfilled(body));
    expect(server.rangesOf(url)).toEqual([`bytes=${body.length}-`]);
    expect(await read(store, graph)).toEqual([...body]);
  });

  it('is begun anew where no byte had arrived', async () => {
    await storeBeginning(info);
    expect(await fetchFile()).toEqual(fulfilled(body));
    expect(server.rangesOf(url)).toEqual(['whole']);
  });

  it('is begun anew where the server has another version', async () => {
    await storeBeginning({ ...info, etag: '"0"' }, patternOf(4_000, 1));
    expect(await fetchFile()).toEqual(fulfilled(body));
    expect(await read(store, graph)).toEqual([...body]);
  });

  it('is begun anew where its bytes were damaged in the store', async () => {
    await storeBeginning(info, body.slice(0, 4_000));
    await store.replacePart(graph, (await partialOf(store, graph)).id, 0, patternOf(4_000, 1));
    expect(await fetchFile()).toEqual(fulfilled(body));
    expect(server.rangesOf(url)).toEqual(['whole']);
    expect(await read(store, graph)).toEqual([...body]);
  });

  it.each([true, false])('leaves what has arrived, and more of it the next time; in memory: %s', async (inMemory) => {
    vi.stubGlobal('navigator', { onLine: false });
    for (const [from, arrived] of [
      [undefined, 3_000],
      [3_000, 6_000],
    ] as const) {
      server.fail({ cutAt: 3_000 });
      expect(await fetchFile({ inMemory })).toMatchObject({ status: 'rejected', reason: { code: 'OFFLINE' } });
      expect(server.rangesOf(url).at(-1)).toBe(from ? `bytes=${from}-` : 'whole');
      expect((await readPartial(store, graph))!.flat()).toEqual([...body.slice(0, arrived)]);
      expect((await partialOf(store, graph)).info).toMatchObject(info);
    }
    expect(await fetchFile({ inMemory })).toEqual(fulfilled(inMemory ? body : undefined));
    expect(await read(store, graph)).toEqual([...body]);
    expect(notStored).toEqual([]);
  });

  it('leaves what has arrived when it is aborted', async () => {
    server.fail({ hangAt: 3_072 });
    const controller = new AbortController();
    const news = createNews();
    const { result, settled } = await start({ signal: controller.signal, news });
    await new Promise<void>((resolve) => {
      news.listen(graph, () => resolve());
    });
    controller.abort('enough');
    await expect(result).rejects.toBe('enough');
    await settled;
    expect((await partialOf(store, graph)).parts[0]!.size).toBeGreaterThan(0);
  });
});
