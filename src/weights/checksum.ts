import { createSHA256, createXXHash64 } from 'hash-wasm';
import { nextTask } from '../protocol/next-task.ts';

/** SHA-256 of a file that arrives in pieces: what proves that it is the file that was published. */
export interface FileDigest {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal. Nothing may be added after. */
  hex(): string;
}

export async function createFileDigest(): Promise<FileDigest> {
  const sha256 = await createSHA256();
  sha256.init();
  return { update: (bytes) => void sha256.update(bytes), hex: () => sha256.digest() };
}

/**
 * Checksum of a part at rest: xxHash64, which finds every kind of accident at 5 GB/s. It proves nothing against somebody who
 * may write into the page's storage; such a person owns the page anyway.
 */
export type PartChecksum = (chunks: readonly Uint8Array[]) => string;

let partChecksum: Promise<PartChecksum> | undefined;

export function loadPartChecksum(): Promise<PartChecksum> {
  partChecksum ??= createXXHash64().then((hash) => (chunks) => {
    hash.init();
    for (const chunk of chunks) hash.update(chunk);
    return hash.digest();
  });
  return partChecksum;
}

const sliceBytes = 1024 * 1024;

/** SHA-256 of bytes that are all here, in slices between which the thread can do other work. */
export async function digestInSlices(bytes: Uint8Array): Promise<string> {
  const digest = await createFileDigest();
  for (let start = 0; start < bytes.length; start += sliceBytes) {
    digest.update(bytes.subarray(start, start + sliceBytes));
    await nextTask();
  }
  return digest.hex();
}
