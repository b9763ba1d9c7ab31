import type { FileInfo, FileKey, ModelRecord, PartCheck, StoredFile, WeightStore } from './weight-store.ts';

interface ModelPart extends PartCheck {
  values: number[];
}

export interface ModelVersion {
  info: FileInfo;
  parts: ModelPart[];
}

interface ModelFile {
  key: FileKey;
  whole?: ModelVersion;
  partial?: ModelVersion;
  /** Number of the only writer that may go on. */
  owner?: number;
  missing?: true;
}

/**
 * What a weight store does, said as simply as it can be: what a random sequence of operations on a real one is compared with.
 * Where the real one throws a `SupersededError`, these return `false`.
 */
export function createStoreModel() {
  const files = new Map<string, ModelFile>();
  const models = new Map<string, ModelRecord>();
  const nameOf = ({ model, path }: FileKey) => JSON.stringify([model, path]);
  const fileOf = (key: FileKey) => files.get(nameOf(key));
  const ownFile = (key: FileKey, owner: number) => (fileOf(key)?.owner === owner ? fileOf(key)! : undefined);

  return {
    fileOf,
    begin(key: FileKey, owner: number, info: FileInfo, unfinished?: ModelVersion): boolean {
      const file = fileOf(key) ?? { key };
      if (unfinished && file.partial !== unfinished) return false;
      if (unfinished) unfinished.info = info;
      file.partial = unfinished ?? { info, parts: [] };
      file.owner = owner;
      files.set(nameOf(key), file);
      return true;
    },
    append(key: FileKey, owner: number, part: ModelPart): boolean {
      const file = ownFile(key, owner);
      file?.partial!.parts.push(part);
      return Boolean(file);
    },
    commit(key: FileKey, owner: number, info: FileInfo): boolean {
      const whole = ownFile(key, owner)?.partial;
      if (!whole) return false;
      whole.info = info;
      files.set(nameOf(key), { key, whole });
      return true;
    },
    discard(key: FileKey, owner: number): void {
      const file = ownFile(key, owner);
      if (!file) return;
      delete file.partial;
      delete file.owner;
      if (!file.whole && !file.missing) files.delete(nameOf(key));
    },
    replacePart(key: FileKey, version: ModelVersion, index: number, values: number[]): void {
      const file = fileOf(key);
      if (file && (file.whole === version || file.partial === version)) version.parts[index]!.values = values;
    },
    annotate(key: FileKey, info: Partial<FileInfo>): void {
      const whole = fileOf(key)?.whole;
      if (whole) whole.info = { ...whole.info, ...info };
    },
    writeMissing: (key: FileKey) => void files.set(nameOf(key), { key, missing: true }),
    remove: (key: FileKey) => void files.delete(nameOf(key)),
    edit(model: string, record: ModelRecord | undefined): void {
      if (record) models.set(model, record);
      else models.delete(model);
    },
    removeModel(model: string): void {
      models.delete(model);
      for (const [name, { key }] of files) if (key.model === model) files.delete(name);
    },
    clear(): void {
      files.clear();
      models.clear();
    },

    /** All that it holds, as {@link describeStore} says it of a real one. */
    describe(keys: readonly FileKey[]) {
      const all = [...files.values()];
      return {
        files: keys.map((key) => {
          const { whole, partial, missing } = fileOf(key) ?? {};
          return { ...(whole && { whole }), ...(partial && { partial }), ...(missing && { missing }) };
        }),
        list: all
          .map(({ key, whole, partial }) => ({
            ...key,
            state: whole ? 'whole' : partial ? 'partial' : 'missing',
            size: [...(whole?.parts ?? []), ...(partial?.parts ?? [])].reduce((sum, { size }) => sum + size, 0),
            info: (whole ?? partial)?.info ?? {},
          }))
          .sort(byKey),
        models: new Map(models),
      };
    },
    /** A file is one entry, as is a part, as is a model's record. */
    countEntries: () =>
      [...files.values()].reduce(
        (sum, { whole, partial }) => sum + 1 + (whole?.parts.length ?? 0) + (partial?.parts.length ?? 0),
        models.size,
      ),
  };
}

/** All that a store holds, by every way of asking for it. */
export async function describeStore(store: WeightStore, keys: readonly FileKey[]) {
  const versionOf = async (version: NonNullable<StoredFile['whole']>) => ({
    info: version.info,
    parts: await Promise.all(
      version.parts.map(async ({ size, checksum, blob }) => ({
        size,
        checksum,
        values: blob ? [...new Uint8Array(await blob.arrayBuffer())] : 'gone',
      })),
    ),
  });
  const fileOf = async (key: FileKey) => {
    const { whole, partial, missing } = await store.find(key);
    return {
      ...(whole && { whole: await versionOf(whole) }),
      ...(partial && { partial: await versionOf(partial) }),
      ...(missing && { missing }),
    };
  };
  const names = [...new Set(keys.map(({ model }) => model))];
  const [list, byModel] = await Promise.all([store.list(), Promise.all(names.map((name) => store.list(name)))]);
  if (byModel.flat().length !== list.length) throw new Error('The lists of the models are not the whole list.');
  return {
    files: await Promise.all(keys.map(fileOf)),
    list: list.sort(byKey),
    models: await store.models(),
  };
}

const byKey = (a: FileKey, b: FileKey) =>
  JSON.stringify([a.model, a.path]) < JSON.stringify([b.model, b.path]) ? -1 : 1;
