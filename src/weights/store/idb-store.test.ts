import 'fake-indexeddb/auto';
import { createStore, del, entries as entriesOf, keys, set } from 'idb-keyval';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createIdbStore } from './idb-store.ts';
import {
  appendParts,
  bytesOf,
  graph,
  partialOf,
  read,
  readPartial,
  storeBeginning,
  storeFile,
  wholeOf,
} from './test-database.conformance.ts';
import { testWeightStore } from './weight-store.conformance.ts';

let databases = 0;

testWeightStore('the IndexedDB store (simulated)', () => {
  const own = `conformance-${++databases}`;
  const entries = createStore(own, 'files');
  return { open: () => createIdbStore(own), countEntries: async () => (await keys(entries)).length };
});

let name = '';
const open = () => createIdbStore(name);
const entries = () => entriesOf<string[], { index: number }>(createStore(name, 'files'));

beforeEach(() => void (name = `weights-${++databases}`));
afterEach(() => vi.restoreAllMocks());

describe('a part that nobody can find any more', () => {
  const store = () => storeFile(open(), graph, bytesOf(1), bytesOf(2), bytesOf(3));

  it.each([
    ['of a file that was removed', () => open().remove(graph), 0],
    ['of a file that a shorter one replaced', () => storeFile(open(), graph, bytesOf(4)), 2],
    ['of a file that went missing', () => open().writeMissing(graph), 1],
    [
      'of a version that was discarded',
      async () => {
        const writer = await open().write(graph, {});
        await appendParts(writer, bytesOf(5), bytesOf(6));
        await writer.discard();
      },
      4,
    ],
    [
      'of an unfinished version that another replaced',
      async () => {
        await storeBeginning(open(), graph, {}, bytesOf(5), bytesOf(6));
        await storeBeginning(open(), graph, {}, bytesOf(7));
      },
      5,
    ],
  ])('%s is not left behind', async (_, end, left) => {
    await store();
    expect(await entries()).toHaveLength(4);
    await end();
    expect(await entries()).toHaveLength(left);
  });
});

it('keeps databases of different names apart', async () => {
  await storeFile(open(), graph, bytesOf(1));
  expect(await read(open(), graph)).toEqual([1]);
  name = `weights-${++databases}`;
  expect(await read(open(), graph)).toBeUndefined();
});

describe('a damaged database', () => {
  const database = () => createStore(name, 'files');
  const entryOf = async (index: number) => (await entries()).find(([, value]) => value.index === index)!;

  it('gives a part that is gone as gone, and the others as they are', async () => {
    await storeFile(open(), graph, bytesOf(1), bytesOf(2), bytesOf(3));
    await del((await entryOf(1))[0], database());
    const { parts } = await wholeOf(open(), graph);
    expect(parts.map(({ blob, size }) => [blob?.size, size])).toEqual([
      [1, 1],
      [undefined, 1],
      [1, 1],
    ]);
  });

  it('gives a part whose Blob is another as it is: what it should be is beside it', async () => {
    await storeFile(open(), graph, bytesOf(1, 1), bytesOf(2, 2));
    const [key, entry] = await entryOf(1);
    await set(key, { ...entry, blob: new Blob(['longer']) }, database());
    const { parts } = await wholeOf(open(), graph);
    expect(parts[1]).toMatchObject({ size: 2, checksum: 'of 2,2', blob: { size: 6 } });
  });

  it('takes a part back in its place', async () => {
    await storeFile(open(), graph, bytesOf(1), bytesOf(2));
    await del((await entryOf(0))[0], database());
    await open().replacePart(graph, (await wholeOf(open(), graph)).id, 0, bytesOf(1));
    expect(await read(open(), graph)).toEqual([1, 2]);
  });
});

describe('a database that refuses a part', () => {
  const refused = new DOMException('full', 'QuotaExceededError');
  const { put } = IDBObjectStore.prototype;
  const isPart = (key: IDBValidKey | undefined) => Array.isArray(key) && key[0] === 'part';

  it.each([
    [
      'at once',
      () => {
        throw refused;
      },
      'QuotaExceededError',
    ],
    [
      'after a while',
      function (this: IDBObjectStore, value: unknown, key?: IDBValidKey) {
        put.call(this, value, key);
        return this.add(value, key);
      },
      'ConstraintError',
    ],
  ])('%s is told with its reason, and the file stays as it was', async (_, refuse, reason) => {
    const store = open();
    await storeFile(store, graph, bytesOf(1));
    const writer = await store.write(graph, {});
    await appendParts(writer, bytesOf(2));
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      return (isPart(key) ? refuse : put).call(this, value, key);
    });
    await expect(appendParts(writer, bytesOf(3))).rejects.toMatchObject({ name: reason });
    vi.restoreAllMocks();
    expect(await read(store, graph)).toEqual([1]);
    expect(await readPartial(store, graph)).toEqual([[2]]);
    await appendParts(writer, bytesOf(4));
    expect((await partialOf(store, graph)).parts).toHaveLength(2);
    await writer.commit({});
    expect(await read(store, graph)).toEqual([2, 4]);
  });
});
