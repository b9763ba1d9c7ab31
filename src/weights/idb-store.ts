import { createStore, get, getMany, promisifyRequest, set, type UseStore } from 'idb-keyval';
import type { WeightStore } from './weight-store.ts';

/** Says that a file is whole and of how many parts, or that the model has no such file. */
type FileRecord = { size: number; parts: number } | 'missing';

const fileKey = (key: string): IDBValidKey => ['file', key];
const partKey = (key: string, index: number): IDBValidKey => ['part', key, index];
/** Arrays sort after numbers in IndexedDB, so this covers every part. */
const allParts = (key: string): IDBKeyRange => IDBKeyRange.bound(['part', key], ['part', key, []]);

/**
 * The default store, in IndexedDB. Parts are written as they arrive, as Blobs: IndexedDB keeps those outside of its
 * database and hands them out without a copy. `commit` adds the record by which they are found, so a file is whole or not
 * there.
 *
 * @param name Database name.
 */
export function createIdbStore(name = 'insitu-weights'): WeightStore {
  const database = createStore(name, 'files');
  return {
    kind: 'indexeddb',
    async find(key) {
      const record = await get<FileRecord>(fileKey(key), database);
      if (!record || record === 'missing') return record;
      return { size: record.size, bytes: () => readParts(database, key, record) };
    },
    async write(key) {
      await removeFile(database, key);
      const record = { size: 0, parts: 0 };
      return {
        async append(part) {
          const index = record.parts++;
          record.size += part.length;
          await set(partKey(key, index), new Blob([part]), database);
        },
        commit: () => set(fileKey(key), record satisfies FileRecord, database),
        abort: () => removeFile(database, key),
      };
    },
    writeMissing: (key) => set(fileKey(key), 'missing' satisfies FileRecord, database),
    remove: (key) => removeFile(database, key),
  };
}

async function readParts(
  database: UseStore,
  key: string,
  { size, parts }: { size: number; parts: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size);
  const blobs = await getMany<Blob>(
    Array.from({ length: parts }, (_, index) => partKey(key, index)),
    database,
  );
  let offset = 0;
  await Promise.all(
    blobs.map(async (blob) => {
      if (!blob) throw new Error(`A part of ${key} is gone.`);
      const start = offset;
      offset += blob.size;
      bytes.set(new Uint8Array(await blob.arrayBuffer()), start);
    }),
  );
  return bytes;
}

function removeFile(database: UseStore, key: string): Promise<void> {
  return database('readwrite', (store) => {
    store.delete(fileKey(key));
    store.delete(allParts(key));
    return promisifyRequest(store.transaction);
  });
}

/** Whether this context lets IndexedDB be opened: private modes and opaque origins do not. */
export async function idbAvailable(): Promise<boolean> {
  if (typeof indexedDB === 'undefined') return false;
  try {
    await get(fileKey(''), createStore('insitu-weights', 'files'));
    return true;
  } catch {
    return false;
  }
}
