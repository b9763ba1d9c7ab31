import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { folder, graph, partialOf, read } from '../store/test-database.conformance.ts';
import type { WeightStore } from '../store/weight-store.ts';
import { type Bytes, patternOf } from '../transfer/file-server.conformance.ts';
import { fetchIntoStore } from './fetch-into-store.ts';
import type { RemoteFileContext } from './remote-file.ts';
import { createContext, createSources, serveModel, storeChecked } from './test-model.conformance.ts';

// What becomes of a file that the browser does not store.

const body = patternOf(10_000);

let server: ReturnType<typeof serveModel>;
let store: WeightStore;
let notStored: InsituError[];
beforeEach(() => {
  server = serveModel({ [graph.path]: { body, etag: '"1"' } });
  store = createMemoryStore();
  notStored = [];
});
afterEach(() => vi.unstubAllGlobals());

let heard = () => {};
const onNotStored = (error: InsituError) => {
  notStored.push(error);
  heard();
};

/** Fetches the file with what the store has of it. */
async function start(options: Partial<RemoteFileContext> = {}, inStore = store) {
  const context = createContext(createSources(inStore), { onNotStored, ...options });
  const fetching = fetchIntoStore(graph, await store.find(graph), context, undefined, () => {});
  fetching.result.catch(() => {});
  return fetching;
}

/** Fetches the file and waits for everything. */
async function fetchFile(options: Partial<RemoteFileContext> = {}, inStore = store) {
  const { result, settled } = await start(options, inStore);
  const [outcome] = await Promise.allSettled([result, settled]);
  return outcome;
}

const fulfilled = (bytes: Bytes | undefined) => ({ status: 'fulfilled', value: { bytes } });

describe('storage that refuses', () => {
  const quota = new DOMException('full', 'QuotaExceededError');
  const blocked = new DOMException('blocked', 'SecurityError');
  const refusing = (method: 'append' | 'commit' | 'write', error: Error): WeightStore => ({
    ...store,
    async write(...given) {
      if (method === 'write') throw error;
      return { ...(await store.write(...given)), [method]: () => Promise.reject(error) };
    },
  });

  it.each([
    ['write', quota, 'STORAGE_QUOTA'],
    ['append', quota, 'STORAGE_QUOTA'],
    ['commit', blocked, 'STORAGE_UNAVAILABLE'],
    ['write', blocked, 'STORAGE_UNAVAILABLE'],
  ] as const)('at %s does not stop a load: %s is told as %s', async (method, error, code) => {
    expect(await fetchFile({}, refusing(method, error))).toEqual(fulfilled(body));
    expect(notStored).toMatchObject([{ code, cause: error }]);
    expect(await store.find(graph)).toEqual({});
  });

  it.each([
    ['append', quota, 'STORAGE_QUOTA'],
    ['commit', blocked, 'STORAGE_UNAVAILABLE'],
  ] as const)('at %s fails a prefetch: %s', async (method, error, code) => {
    const outcome = await fetchFile({ inMemory: false }, refusing(method, error));
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code } });
    expect(await fetchFile({ inMemory: false })).toEqual(fulfilled(undefined));
  });

  it('fails a prefetch also where an earlier version of the file stays stored', async () => {
    await storeChecked(store, graph, { etag: '"0"' }, patternOf(10, 1));
    const outcome = await fetchFile({ inMemory: false }, refusing('append', quota));
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'STORAGE_QUOTA' } });
    expect(await read(store, graph)).toEqual([...patternOf(10, 1)]);
  });

  it('because there is no room is told before the file has arrived, and nothing is written', async () => {
    const reason = new InsituError('STORAGE_QUOTA', 'There is no room.', { hint: '' });
    const room = { reserve: async () => reason, evictOne: async () => false };
    const write = vi.spyOn(store, 'write');
    server.fail({ hangAt: 1000 });
    const controller = new AbortController();
    const { result } = await start({ room, signal: controller.signal });
    await new Promise<void>((resolve) => void (heard = resolve));
    expect(notStored).toEqual([reason]);
    controller.abort('enough');
    await expect(result).rejects.toBe('enough');
    notStored = [];
    expect(await fetchFile({ room })).toEqual(fulfilled(body));
    expect(notStored).toEqual([reason]);
    expect(write).not.toHaveBeenCalled();
    expect(await fetchFile({ room, inMemory: false })).toMatchObject({ status: 'rejected', reason });
  });

  it('makes room after a write found none', async () => {
    let full = true;
    const evictOne = vi.fn(async () => {
      full = false;
      return true;
    });
    const crowded: WeightStore = {
      ...store,
      async write(...given) {
        const writer = await store.write(...given);
        return { ...writer, append: (...part) => (full ? Promise.reject(quota) : writer.append(...part)) };
      },
    };
    expect(await fetchFile({ room: { reserve: async () => undefined, evictOne } }, crowded)).toEqual(fulfilled(body));
    expect(evictOne).toHaveBeenCalledExactlyOnceWith(folder);
    expect(await read(store, graph)).toEqual([...body]);
    expect(notStored).toEqual([]);
  });

  it('also to tell whether there is room leaves no failure unhandled', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    try {
      const room = { reserve: () => Promise.reject(blocked), evictOne: async () => false };
      expect(await fetchFile({ room })).toEqual(fulfilled(body));
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('unhandledRejection', unhandled);
    }
    expect(unhandled).not.toHaveBeenCalled();
    expect(notStored).toMatchObject([{ code: 'STORAGE_UNAVAILABLE', cause: blocked }]);
  });
});

describe('a file that another tab has taken over', () => {
  const overtaken = (then: () => Promise<void>): WeightStore => ({
    ...store,
    async write(...given) {
      const writer = await store.write(...given);
      return {
        ...writer,
        async append(...part) {
          await then();
          return writer.append(...part);
        },
      };
    },
  });

  it('is left to it, and that is no failure of a load', async () => {
    const other = () => store.write(graph, { etag: '"other"' }).then(() => {});
    expect(await fetchFile({}, overtaken(other))).toEqual(fulfilled(body));
    expect(notStored).toEqual([]);
    expect((await partialOf(store, graph)).info).toEqual({ etag: '"other"' });
  });

  it('is stored for a prefetch too, once the other has stored it', async () => {
    const other = () => storeChecked(store, graph, { etag: '"1"' }, body);
    expect(await fetchFile({ inMemory: false }, overtaken(other))).toEqual(fulfilled(undefined));
    const begun = () => store.write(graph, {}).then(() => {});
    await store.remove(graph);
    expect(await fetchFile({ inMemory: false }, overtaken(begun))).toMatchObject({
      status: 'rejected',
      reason: { code: 'STORAGE_UNAVAILABLE', retryable: true },
    });
  });
});
