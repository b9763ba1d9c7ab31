import { createStore, promisifyRequest, type UseStore } from 'idb-keyval';
import type { WeightStore } from './weight-store.ts';

/** Says that a file is whole and of how many parts, or that the model has no such file. */
type FileRecord = { size: number; parts: number } | 'missing';

const recordKey = (key: string): IDBValidKey => [key];
const partKey = (key: string, index: number): IDBValidKey => [key, index];
/** Arrays sort after numbers in IndexedDB, so this covers the record and every part. */
const allOf = (key: string): IDBKeyRange => IDBKeyRange.bound([key], [key, []]);

/**
 * The default store, in IndexedDB. Parts are written as they arrive, as Blobs: IndexedDB keeps those outside of its
 * database and hands them out without a copy. `commit` adds the record without which they do not count, so a file is whole or
 * not there. Finding a file takes one transaction, because each costs a turn of a worker that is busy starting.
 *
 * @param name Database name.
 */
export function createIdbStore(name = 'insitu-weights'): WeightStore {
  const database = createStore(name, 'files');
  const put = (key: IDBValidKey, value: FileRecord | Blob) =>
    database('readwrite', (store) => {
      store.put(value, key);
      return promisifyRequest(store.transaction);
    });
  return {
    kind: 'indexeddb',
    async find(key) {
      // In the order of their keys: the record, then the parts.
      const [record, ...parts] = await database('readonly', (store) =>
        promisifyRequest<[FileRecord?, ...Blob[]]>(store.getAll(allOf(key))),
      );
      if (!record || record === 'missing') return record;
      // Without its record, what comes first is a part of a file that was not finished.
      if (record instanceof Blob || parts.length !== record.parts) return undefined;
      return { size: record.size, bytes: () => joinParts(parts, record.size) };
    },
    async write(key) {
      await removeFile(database, key);
      const record = { size: 0, parts: 0 };
      return {
        async append(part) {
          const index = record.parts++;
          record.size += part.length;
          await put(partKey(key, index), new Blob([part]));
        },
        commit: () => put(recordKey(key), record),
        abort: () => removeFile(database, key),
      };
    },
    async writeMissing(key) {
      await removeFile(database, key);
      await put(recordKey(key), 'missing');
    },
    remove: (key) => removeFile(database, key),
  };
}

async function joinParts(parts: readonly Blob[], size: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  await Promise.all(
    parts.map(async (part) => {
      const start = offset;
      offset += part.size;
      bytes.set(new Uint8Array(await part.arrayBuffer()), start);
    }),
  );
  return bytes;
}

function removeFile(database: UseStore, key: string): Promise<void> {
  return database('readwrite', (store) => {
    store.delete(allOf(key));
    return promisifyRequest(store.transaction);
  });
}
