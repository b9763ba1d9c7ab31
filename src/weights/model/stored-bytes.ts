import { loadPartChecksum } from '../checksum.ts';
import type { StoredPart, StoredVersion } from '../store/weight-store.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A range of a file that is not what was stored. */
export interface DamagedPart {
  index: number;
  start: number;
  end: number;
  checksum: string;
}

export interface StoredBytes {
  /** All bytes of the version; in a damaged part they mean nothing. */
  bytes: Bytes;
  damaged: DamagedPart[];
}

/** Reads a version from the store and checks every part of it. */
export async function readStored({ parts }: StoredVersion): Promise<StoredBytes> {
  const checksumOf = await loadPartChecksum();
  const bytes = await joinParts(parts);
  const damaged: DamagedPart[] = [];
  let start = 0;
  for (const [index, { size, checksum }] of parts.entries()) {
    const end = start + size;
    if (checksumOf([bytes.subarray(start, end)]) !== checksum) damaged.push({ index, start, end, checksum });
    start = end;
  }
  return { bytes, damaged };
}

export const sizeOfParts = ({ parts }: Pick<StoredVersion, 'parts'>): number =>
  parts.reduce((sum, { size }) => sum + size, 0);

/** One Blob of all parts is read in one go, without a copy of each part between. */
async function joinParts(parts: readonly StoredPart[]): Promise<Bytes> {
  const blobs = parts.map(({ size, blob }) => (blob?.size === size ? blob : new Blob([new Uint8Array(size)])));
  try {
    return await bytesOf(new Blob(blobs));
  } catch {
    // Something of it can no longer be read. Which part it is shows when each is read alone.
    const bytes = new Uint8Array(sizeOfParts({ parts }));
    let start = 0;
    for (const [index, { size }] of parts.entries()) {
      const part = await bytesOf(blobs[index]!).catch(() => undefined);
      if (part) bytes.set(part, start);
      start += size;
    }
    return bytes;
  }
}

const bytesOf = async (blob: Blob): Promise<Bytes> => new Uint8Array(await blob.arrayBuffer());
