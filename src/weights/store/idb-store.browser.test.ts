import { createStore, keys } from 'idb-keyval';
import { afterEach, expect, it, vi } from 'vitest';
import { createIdbStore } from './idb-store.ts';
import { appendParts, bytesOf, graph, read, readPartial } from './test-database.conformance.ts';
import { testWeightStore } from './weight-store.conformance.ts';

let databases = 0;
const run = crypto.randomUUID();

testWeightStore('the IndexedDB store', () => {
  const name = `weights-${run}-${++databases}`;
  const entries = createStore(name, 'files');
  return { open: () => createIdbStore(name), countEntries: async () => (await keys(entries)).length };
});

afterEach(() => void vi.restoreAllMocks());

it('a request that the browser refuses is told with its reason, and the file stays as it was', async () => {
  const store = createIdbStore(`weights-${run}-refusing`);
  const writer = await store.write(graph, {});
  await appendParts(writer, bytesOf(1));
  const { put } = IDBObjectStore.prototype;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    put.call(this, value, key);
    return this.add(value, key);
  });
  await expect(appendParts(writer, bytesOf(2))).rejects.toMatchObject({ name: 'ConstraintError' });
  vi.restoreAllMocks();
  expect(await readPartial(store, graph)).toEqual([[1]]);
  await appendParts(writer, bytesOf(3));
  await writer.commit({});
  expect(await read(store, graph)).toEqual([1, 3]);
});
