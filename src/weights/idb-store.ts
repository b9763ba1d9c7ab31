import { createStore, promisifyRequest } from 'idb-keyval';
import type { WeightStore } from './weight-store.ts';

/** Says that a file is whole, of which writer's parts, or that the model has no such file. */
type FileRecord = { writer: string; size: number } | 'missing';

interface FilePart {
  writer: string;
  blob: Blob;
}

const recordKey = (key: string): IDBValidKey => [key];
const partKey = (key: string, writer: string, index: number): IDBValidKey => [key, writer, index];
/** Arrays sort after strings and numbers in IndexedDB, so these cover everything that begins so. */
const allOf = (key: string): IDBKeyRange => IDBKeyRange.bound([key], [key, []]);
const partsOf = (key: string, writer: string): IDBKeyRange => IDBKeyRange.bound([key, writer], [key, writer, []]);

/**
 * The default store, in IndexedDB. Parts are written as they arrive, as Blobs: IndexedDB keeps those outside of its
 * database and hands them out without a copy. Each writer has parts of its own; `commit` adds the record that makes them the
 * file, so a file is whole or not there. Finding one takes one request, because each costs a turn of a worker that is busy
 * starting.
 *
 * @param name Database name.
 */
export function createIdbStore(name = 'insitu-weights'): WeightStore {
  const database = createStore(name, 'files');
  /** One transaction: all of it happens, or nothing. */
  const change = (edit: (files: IDBObjectStore) => void) =>
    database('readwrite', (files) => {
      edit(files);
      return promisifyRequest(files.transaction);
    });
  return {
    kind: 'indexeddb',
    async find(key) {
      // In the order of their keys: the record, then the parts.
      const [record, ...parts] = await database('readonly', (files) =>
        promisifyRequest<[(FileRecord | FilePart)?, ...FilePart[]]>(files.getAll(allOf(key))),
      );
      if (!record || record === 'missing') return record;
      // Without a record, what comes first is a part of a file that was not finished.
      if (!('size' in record)) return undefined;
      const blobs = parts.filter(({ writer }) => writer === record.writer).map(({ blob }) => blob);
      const size = blobs.reduce((sum, blob) => sum + blob.size, 0);
      return size === record.size ? { size, bytes: () => join(blobs, size) } : undefined;
    },
    async write(key) {
      // Not `randomUUID`: that is for secure contexts only.
      const writer = crypto.getRandomValues(new Uint32Array(4)).join('-');
      let size = 0;
      let parts = 0;
      return {
        append(part) {
          size += part.length;
          const entry: FilePart = { writer, blob: new Blob([part]) };
          const place = partKey(key, writer, parts++);
          return change((files) => void files.put(entry, place));
        },
        commit: () =>
          change((files) => {
            const earlier: IDBRequest<FileRecord | undefined> = files.get(recordKey(key));
            earlier.onsuccess = () => {
              const record = earlier.result;
              if (typeof record === 'object') files.delete(partsOf(key, record.writer));
              files.put({ writer, size } satisfies FileRecord, recordKey(key));
            };
          }),
        abort: () => change((files) => void files.delete(partsOf(key, writer))),
      };
    },
    writeMissing: (key) =>
      change((files) => {
        files.delete(allOf(key));
        files.put('missing' satisfies FileRecord, recordKey(key));
      }),
    remove: (key) => change((files) => void files.delete(allOf(key))),
  };
}

async function join(parts: readonly Blob[], size: number): Promise<Uint8Array<ArrayBuffer>> {
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
