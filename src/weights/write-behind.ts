import type { FileWriter, WeightStore } from './weight-store.ts';

/** Stores a file while it arrives, without making its download wait for the disk. */
export interface WriteBehind {
  append(part: Uint8Array<ArrayBuffer>): void;
  commit(): void;
  abort(): void;
  /** Resolves when all of that is done. Never rejects: a file that could not be written is simply not stored. */
  settled(): Promise<void>;
}

export function createWriteBehind(store: WeightStore, key: string): WriteBehind {
  let tail: Promise<FileWriter> | undefined;
  const next = (step: (writer: FileWriter) => Promise<void>) => {
    tail = (tail ?? store.write(key)).then(async (writer) => {
      await step(writer);
      return writer;
    });
    tail.catch(() => {});
  };
  return {
    append: (part) => next((writer) => writer.append(part)),
    commit: () => next((writer) => writer.commit()),
    abort() {
      if (tail) next((writer) => writer.abort());
    },
    async settled() {
      await tail?.catch(() => {});
    },
  };
}
