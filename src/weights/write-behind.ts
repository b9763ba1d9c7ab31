import type { FileWriter, WeightStore } from './weight-store.ts';

/** Stores a file while it arrives, without making its download wait for the disk. */
export interface WriteBehind {
  append(part: Uint8Array<ArrayBuffer>): void;
  commit(): void;
  /** Forgets the file, also what is not written yet. */
  abort(): void;
  /** Resolves when all of that is done. Never rejects: a file that could not be written is simply not stored. */
  settled(): Promise<void>;
}

/** @param begin Nothing is written before it resolves. */
export function createWriteBehind(
  store: WeightStore,
  key: string,
  begin: Promise<void> = Promise.resolve(),
): WriteBehind {
  let tail: Promise<FileWriter | undefined> | undefined;
  let aborted = false;
  const next = (step: (writer: FileWriter) => Promise<void>) => {
    tail = (tail ?? begin.then(() => (aborted ? undefined : store.write(key)))).then(async (writer) => {
      if (!writer) return undefined;
      try {
        await step(writer);
      } catch (error) {
        // What cannot be finished only takes space.
        await writer.abort().catch(() => {});
        throw error;
      }
      return writer;
    });
    tail.catch(() => {});
  };
  const unlessAborted = (step: (writer: FileWriter) => Promise<void>) =>
    next(async (writer) => {
      if (!aborted) await step(writer);
    });
  return {
    append: (part) => unlessAborted((writer) => writer.append(part)),
    commit: () => unlessAborted((writer) => writer.commit()),
    abort() {
      aborted = true;
      if (tail) next((writer) => writer.abort());
    },
    async settled() {
      await tail?.catch(() => {});
    },
  };
}
