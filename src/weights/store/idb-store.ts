import { createStore, promisifyRequest } from 'idb-keyval';
import {
  type FileRecord,
  type VersionRecord,
  annotateVersion,
  appendPart,
  beginVersion,
  commitVersion,
  createToken,
  discardVersion,
  isEmpty,
  ownPartial,
  summarise,
} from './file-record.ts';
import type { FileKey, ModelRecord, StoredVersion, WeightStore } from './weight-store.ts';

interface PartEntry {
  version: string;
  index: number;
  blob: Blob;
}

const recordKey = ({ model, path }: FileKey): IDBValidKey => ['file', model, path];
const partKey = ({ model, path }: FileKey, version: string, index: number): IDBValidKey => [
  'part',
  model,
  path,
  version,
  index,
];
const modelKey = (model: string): IDBValidKey => ['model', model];
/** Arrays sort after strings and numbers in IndexedDB, so this covers everything that begins so. */
const allBelow = (...begin: string[]): IDBKeyRange => IDBKeyRange.bound(begin, [...begin, []]);

/**
 * The default store, in IndexedDB. Parts are Blobs: IndexedDB keeps those outside of its database, and several are read as one
 * without a copy between. A file's record says which parts make it up; parts and record change in one transaction, so the
 * record never lies, whenever a tab is closed.
 *
 * @param name Database name.
 */
export function createIdbStore(name = 'insitu-weights'): WeightStore {
  const database = createStore(name, 'files');

  /** One transaction: all of it happens, or nothing. */
  const change = (edit: (files: IDBObjectStore) => void): Promise<void> =>
    database('readwrite', (files) => {
      const { transaction } = files;
      edit(files);
      return new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        // Not when a request fails: only when the transaction has ended does it say why.
        transaction.onabort = () => reject(transaction.error);
      });
    });

  /** Reads one value and puts what is made of it in its place, in one transaction. */
  const update = async <T>(
    key: IDBValidKey,
    edit: (value: T | undefined, files: IDBObjectStore) => T | undefined,
  ): Promise<void> => {
    let failure: { error: unknown } | undefined;
    const done = change((files) => {
      const found: IDBRequest<T | undefined> = files.get(key);
      found.onsuccess = () => {
        try {
          const value = edit(found.result, files);
          if (value === undefined) files.delete(key);
          else files.put(value, key);
        } catch (error) {
          failure = { error };
          files.transaction.abort();
        }
      };
    });
    await done.catch((error: unknown) => {
      throw failure ? failure.error : error;
    });
  };

  const updateRecord = (key: FileKey, edit: (record: FileRecord, files: IDBObjectStore) => FileRecord) =>
    update<FileRecord>(recordKey(key), (before = {}, files) => {
      const after = edit(before, files);
      const kept = new Set([after.whole?.id, after.partial?.id]);
      for (const gone of [before.whole?.id, before.partial?.id]) {
        if (gone !== undefined && !kept.has(gone)) files.delete(allBelow('part', key.model, key.path, gone));
      }
      return isEmpty(after) ? undefined : after;
    });

  return {
    kind: 'indexeddb',
    async find(key) {
      const [record = {}, entries] = await database('readonly', (files) =>
        Promise.all([
          promisifyRequest<FileRecord | undefined>(files.get(recordKey(key))),
          promisifyRequest<PartEntry[]>(files.getAll(allBelow('part', key.model, key.path))),
        ]),
      );
      const { whole, partial, missing } = record;
      return {
        ...(whole && { whole: versionOf(whole, entries) }),
        ...(partial && { partial: versionOf(partial, entries) }),
        ...(missing && { missing }),
      };
    },

    async write(key, info, unfinished) {
      const owner = createToken();
      await updateRecord(key, (record) => beginVersion(record, owner, info, unfinished?.id));
      return {
        append(chunks, check) {
          const blob = new Blob([...chunks]);
          return updateRecord(key, (record, files) => {
            const { id: version, parts } = ownPartial(record, owner);
            const entry: PartEntry = { version, index: parts.length, blob };
            files.put(entry, partKey(key, version, entry.index));
            return appendPart(record, owner, check);
          });
        },
        commit: (final) => updateRecord(key, (record) => commitVersion(record, owner, final)),
        discard: () => updateRecord(key, (record) => discardVersion(record, owner)),
      };
    },

    replacePart: (key, version, index, bytes) => {
      const entry: PartEntry = { version, index, blob: new Blob([bytes]) };
      return updateRecord(key, (record, files) => {
        if (record.whole?.id === version || record.partial?.id === version)
          files.put(entry, partKey(key, version, index));
        return record;
      });
    },
    annotate: (key, info) => updateRecord(key, (record) => annotateVersion(record, info)),
    writeMissing: (key) => updateRecord(key, () => ({ missing: true })),
    remove: (key) => updateRecord(key, () => ({})),

    async list(model) {
      const range = model === undefined ? allBelow('file') : allBelow('file', model);
      const [keys, records] = await database('readonly', (files) =>
        Promise.all([
          promisifyRequest(files.getAllKeys(range)) as Promise<[string, string, string][]>,
          promisifyRequest<FileRecord[]>(files.getAll(range)),
        ]),
      );
      return keys.map(([, owner, path], index) => summarise({ model: owner, path }, records[index]!));
    },

    async models() {
      const [keys, records] = await database('readonly', (files) =>
        Promise.all([
          promisifyRequest(files.getAllKeys(allBelow('model'))) as Promise<[string, string][]>,
          promisifyRequest<ModelRecord[]>(files.getAll(allBelow('model'))),
        ]),
      );
      return new Map(keys.map(([, model], index) => [model, records[index]!]));
    },
    editModel: (model, edit) => update<ModelRecord>(modelKey(model), edit),
    removeModel: (model) =>
      change((files) => {
        files.delete(modelKey(model));
        files.delete(allBelow('file', model));
        files.delete(allBelow('part', model));
      }),
    clear: () => change((files) => void files.clear()),
  };
}

function versionOf({ id, info, parts }: VersionRecord, entries: readonly PartEntry[]): StoredVersion {
  const blobs = new Map(entries.filter(({ version }) => version === id).map(({ index, blob }) => [index, blob]));
  return { id, info, parts: parts.map((part, index) => ({ ...part, blob: blobs.get(index) })) };
}
