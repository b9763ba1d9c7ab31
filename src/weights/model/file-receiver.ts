import { type FileDigest, createFileDigest, digestInSlices } from '../checksum.ts';
import type { AnswerHead } from '../transfer/answer.ts';
import type { FileSink } from '../transfer/download.ts';
import type { WriteBehind } from './write-behind.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface ReceiverOptions {
  /** The bytes are wanted here too, not only in the store. */
  inMemory: boolean;
  /** What an earlier download left: it is gone on from when the answer starts there. */
  beginning: Bytes | undefined;
  /** Tells what the file's SHA-256 will have to be, or that nobody knows. Called with each head. */
  expects(head: AnswerHead): boolean;
  /** Makes the writer for a file that begins (0) or goes on. */
  openWriter(head: AnswerHead, start: number): WriteBehind;
  onBegin(head: AnswerHead, start: number): void;
  onBytes(count: number): void;
}

/** Takes the bytes of a download: into memory, into the store, and through SHA-256. */
export interface FileReceiver extends FileSink {
  /** The bytes, where they were wanted; once the download is complete. */
  bytes(): Bytes | undefined;
  /** SHA-256 of all bytes, if it was computed on the way; it is where something was expected of it. */
  arrivedSha256(): string | undefined;
  /** SHA-256 of all bytes, computed now if it was not on the way. */
  sha256(): Promise<string>;
  readonly size: number;
  readonly writer: WriteBehind | undefined;
}

export function createFileReceiver(options: ReceiverOptions): FileReceiver {
  let memory: Bytes = new Uint8Array(0);
  let size = 0;
  let digest: FileDigest | undefined;
  let hex: string | undefined;
  let writer: WriteBehind | undefined;

  const keep = (chunk: Bytes): Bytes => {
    if (!options.inMemory) return chunk;
    if (size + chunk.length > memory.length) {
      const grown = new Uint8Array(Math.max(size + chunk.length, memory.length * 2));
      grown.set(memory.subarray(0, size));
      memory = grown;
    }
    memory.set(chunk, size);
    return memory.subarray(size, size + chunk.length);
  };

  const take = (chunk: Bytes): Bytes => {
    const kept = keep(chunk);
    digest?.update(kept);
    size += kept.length;
    return kept;
  };

  const result = () => (memory.length === size ? memory : memory.slice(0, size));
  const arrivedSha256 = () => {
    if (digest) hex ??= digest.hex();
    return hex;
  };

  return {
    async begin(head, start) {
      if (start === 0 || !writer) {
        writer?.discard();
        size = 0;
        hex = undefined;
        if (options.inMemory) memory = new Uint8Array(head.size ?? head.likelySize ?? 0);
        // Where nobody expects anything, it can wait until the model runs; but only while the bytes are at hand.
        digest = options.expects(head) || !options.inMemory ? await createFileDigest() : undefined;
        writer = options.openWriter(head, start);
        if (start > 0) take(options.beginning!);
      }
      options.onBegin(head, start);
    },
    write(chunk) {
      const kept = take(chunk);
      options.onBytes(chunk.length);
      return writer!.add(kept);
    },
    bytes: () => (options.inMemory ? result() : undefined),
    arrivedSha256,
    sha256: async () => arrivedSha256() ?? (hex = await digestInSlices(result())),
    get size() {
      return size;
    },
    get writer() {
      return writer;
    },
  };
}
