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

interface MemoryFile {
  key: FileKey;
  record: FileRecord;
  /** Parts by the id of their version. */
  blobs: Map<string, Blob[]>;
}

const nameOf = ({ model, path }: FileKey) => JSON.stringify([model, path]);

/** A store that lasts as long as its worker: for pages where storage is refused, and for tests. */
export function createMemoryStore(): WeightStore {
  const files = new Map<string, MemoryFile>();
  const models = new Map<string, ModelRecord>();

  const change = (key: FileKey, edit: (record: FileRecord, file: MemoryFile) => FileRecord) => {
    const name = nameOf(key);
    const file: MemoryFile = files.get(name) ?? { key, record: {}, blobs: new Map() };
    file.record = edit(file.record, file);
    const { whole, partial } = file.record;
    for (const id of file.blobs.keys()) if (id !== whole?.id && id !== partial?.id) file.blobs.delete(id);
    if (isEmpty(file.record)) files.delete(name);
    else files.set(name, file);
  };
  const versionOf = ({ id, info, parts }: VersionRecord, { blobs }: MemoryFile): StoredVersion => ({
    id,
    info: { ...info },
    parts: parts.map((part, index) => ({ ...part, blob: blobs.get(id)?.[index] })),
  });
  const filesOf = (model?: string) =>
    [...files.values()].filter(({ key }) => model === undefined || key.model === model);

  return {
    kind: 'memory',
    async find(key) {
      const file = files.get(nameOf(key));
      if (!file) return {};
      const { whole, partial, missing } = file.record;
      return {
        ...(whole && { whole: versionOf(whole, file) }),
        ...(partial && { partial: versionOf(partial, file) }),
        ...(missing && { missing }),
      };
    },
    async write(key, info, unfinished) {
      const owner = createToken();
      change(key, (record) => beginVersion(record, owner, { ...info }, unfinished?.id));
      return {
        async append(chunks, check) {
          change(key, (record, { blobs }) => {
            const { id } = ownPartial(record, owner);
            blobs.set(id, [...(blobs.get(id) ?? []), new Blob([...chunks])]);
            return appendPart(record, owner, check);
          });
        },
        async commit(final) {
          change(key, (record) => commitVersion(record, owner, { ...final }));
        },
        async discard() {
          change(key, (record) => discardVersion(record, owner));
        },
      };
    },
    async replacePart(key, version, index, bytes) {
      const parts = files.get(nameOf(key))?.blobs.get(version);
      if (parts) parts[index] = new Blob([bytes]);
    },
    async annotate(key, info) {
      change(key, (record) => annotateVersion(record, info));
    },
    async writeMissing(key) {
      change(key, () => ({ missing: true }));
    },
    async remove(key) {
      files.delete(nameOf(key));
    },
    async list(model) {
      return filesOf(model).map(({ key, record }) => summarise(key, record));
    },
    async models() {
      return new Map(models);
    },
    async editModel(model, edit) {
      const record = edit(models.get(model));
      if (record) models.set(model, record);
      else models.delete(model);
    },
    async removeModel(model) {
      models.delete(model);
      for (const { key } of filesOf(model)) files.delete(nameOf(key));
    },
    async clear() {
      files.clear();
      models.clear();
    },
  };
}
