import { expect } from 'vitest';
import type {
  FileInfo,
  FileKey,
  FileWriter,
  PartCheck,
  StoredFile,
  StoredVersion,
  WeightStore,
} from './weight-store.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

/** A place that outlives the store on it, as a browser's profile outlives a tab. */
export interface TestDatabase {
  /** Opens a store on it: another tab, or the next visit. */
  open(): WeightStore;
  /** How many entries lie in it. What nobody can find any more takes space all the same. */
  countEntries?(): Promise<number>;
}

export const folder = 'https://models.example/org/name/resolve/main/';
export const graph: FileKey = { model: folder, path: 'onnx/model.onnx' };
export const config: FileKey = { model: folder, path: 'config.json' };

export const bytesOf = (...values: number[]): Bytes => Uint8Array.of(...values);

/** A store takes any checksum; this one shows in a failure message whose it is. */
export const checkOf = (bytes: Uint8Array): PartCheck => ({
  size: bytes.length,
  checksum: `of ${bytes.subarray(0, 8).join()}`,
});

export async function appendParts(writer: FileWriter, ...parts: Bytes[]): Promise<void> {
  for (const part of parts) await writer.append([part], checkOf(part));
}

export async function storeFile(into: WeightStore, key: FileKey, ...parts: Bytes[]): Promise<void> {
  const writer = await into.write(key, {});
  await appendParts(writer, ...parts);
  await writer.commit({ size: parts.reduce((sum, { length }) => sum + length, 0) });
}

/** Stores the beginning of a file, as a tab does that is closed in the middle of a download. */
export async function storeBeginning(
  into: WeightStore,
  key: FileKey,
  info: FileInfo,
  ...parts: Bytes[]
): Promise<void> {
  await appendParts(await into.write(key, info), ...parts);
}

/** The values of a version's parts. What is recorded of each is compared with it. */
export async function partsOf(version: StoredVersion | undefined): Promise<number[][] | undefined> {
  return (
    version &&
    Promise.all(
      version.parts.map(async ({ blob, size }) => {
        const bytes = new Uint8Array(await blob!.arrayBuffer());
        expect(bytes.length).toBe(size);
        return [...bytes];
      }),
    )
  );
}

/** The values of a whole file. */
export async function read(from: WeightStore, key: FileKey): Promise<number[] | undefined> {
  return (await partsOf((await from.find(key)).whole))?.flat();
}

/** The values of the parts that there are of an unfinished file. */
export async function readPartial(from: WeightStore, key: FileKey): Promise<number[][] | undefined> {
  return partsOf((await from.find(key)).partial);
}

export async function partialOf(from: WeightStore, key: FileKey): Promise<StoredVersion> {
  return required((await from.find(key)).partial);
}

export async function wholeOf(from: WeightStore, key: FileKey): Promise<StoredVersion> {
  return required((await from.find(key)).whole);
}

function required(version: StoredFile['whole']): StoredVersion {
  if (!version) throw new Error('The version is not there.');
  return version;
}

export const superseded = expect.objectContaining({ name: 'SupersededError' }) as Error;
