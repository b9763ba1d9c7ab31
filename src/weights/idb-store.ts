import { createStore, del, get, promisifyRequest, set, type UseStore } from 'idb-keyval';
import type { WeightStore } from './weight-store.ts';

/** A finished file: one Blob, because reading one Blob is three times faster than reading its parts. */
interface FileRecord {
  blob?: Blob;
}

const fileKey = (key: string): IDBValidKey => ['file', key];
const partKey = (key: string, index: number): IDBValidKey => ['part', key, index];
/** Arrays sort after numbers in IndexedDB, so this covers every part. */
const allParts = (key: string): IDBKeyRange => IDBKeyRange.bound(['part', key], ['part', key, []]);

function removeParts(database: UseStore, key: string): Promise<void> {
  return database('readwrite', (store) => {
    store.delete(allParts(key));
    return promisifyRequest(store.transaction);
  });
}

/**
 * The default store, in IndexedDB. Parts are written as they arrive; `commit` turns them into one Blob and drops them in the
 * same transaction, so that a file is either whole or not there.
 *
 * @param name Database name.
 */
export function createIdbStore(name = 'insitu-weights'): WeightStore {
  const database = createStore(name, 'files');
  return {
    kind: 'indexeddb',
    async find(key) {
      const record = await get<FileRecord>(fileKey(key), database);
      if (!record) return undefined;
      const { blob } = record;
      return blob ? { size: blob.size, bytes: async () => new Uint8Array(await blob.arrayBuffer()) } : 'missing';
    },
    async write(key) {
      await removeParts(database, key);
      const parts: Blob[] = [];
      return {
        async append(part) {
          const blob = new Blob([part]);
          await set(partKey(key, parts.push(blob) - 1), blob, database);
        },
        commit: () =>
          database('readwrite', (store) => {
            store.put({ blob: new Blob(parts) } satisfies FileRecord, fileKey(key));
            store.delete(allParts(key));
            return promisifyRequest(store.transaction);
          }),
        abort: () => removeParts(database, key),
      };
    },
    writeMissing: (key) => set(fileKey(key), {} satisfies FileRecord, database),
    remove: (key) => del(fileKey(key), database),
  };
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
