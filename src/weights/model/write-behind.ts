import { loadPartChecksum } from '../checksum.ts';
import type { FileInfo, FileWriter } from '../store/weight-store.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Large parts are read faster, small ones lose less. A part is closed when it has this size, */
const partBytes = 32 * 1024 * 1024;
/** or when this time has passed: what a slow connection brings should not be lost with the tab. */
const partMs = 1000;
/** More than this is not held back from a caller that waits for {@link WriteBehind.add}. */
const pendingBytes = 2 * partBytes;

/** Stores a file while it arrives, without making its download wait for the disk. */
export interface WriteBehind {
  /** The bytes must stay as they are. Resolves when there is room for more. */
  add(chunk: Bytes): Promise<void> | undefined;
  /** Writes the rest and makes it the file. */
  commit(info: FileInfo | Promise<FileInfo>): void;
  /** Writes the rest and leaves it unfinished, for another download to go on with. */
  leave(): void;
  /** Forgets the file, also what is not written yet. */
  discard(): void;
  /** Resolves after one of these, with whether the file is in the store. Never rejects. */
  readonly settled: Promise<boolean>;
}

export interface WriteBehindOptions {
  /** Nothing is written before it resolves. */
  begin?: Promise<void>;
  now?: () => number;
  /** Makes room after a write found none, and tells whether there is any now. */
  makeRoom?(): Promise<boolean>;
  /** Hears of the first failure: nothing more will be stored. */
  onFailure?(error: unknown): void;
}

type Ending = { kind: 'commit'; info: FileInfo | Promise<FileInfo> } | { kind: 'leave' } | { kind: 'discard' };

/** @param open Begins the file in the store. Called once, before the first write; `undefined` is a refusal. */
export function createWriteBehind(
  open: () => Promise<FileWriter | undefined>,
  { begin = Promise.resolve(), now = () => performance.now(), makeRoom, onFailure = () => {} }: WriteBehindOptions = {},
): WriteBehind {
  let pending: Bytes[] = [];
  let size = 0;
  let lastWrite = now();
  let ending: Ending | undefined;
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let writer: FileWriter | undefined;
  let wake = () => {};
  let roomy = () => {};
  let room: Promise<void> | undefined;

  const isDue = () => ending || size >= partBytes || (size > 0 && now() - lastWrite >= partMs);

  /** Bytes of a connection that has gone quiet are written too. */
  const wakeWhenQuiet = () => {
    clearTimeout(timer);
    timer = setTimeout(() => wake(), partMs);
  };

  const takePart = (): Bytes[] => {
    const part: Bytes[] = [];
    for (let taken = 0; pending.length > 0 && taken < partBytes;) {
      const [chunk] = pending as [Bytes];
      const fitting = chunk.subarray(0, partBytes - taken);
      part.push(fitting);
      taken += fitting.length;
      if (fitting.length === chunk.length) pending.shift();
      else pending[0] = chunk.subarray(fitting.length);
    }
    size -= part.reduce((sum, { length }) => sum + length, 0);
    if (size < pendingBytes) roomy();
    return part;
  };

  const write = async (): Promise<boolean> => {
    const checksumOf = await loadPartChecksum();
    await begin;
    for (;;) {
      while (!isDue()) {
        // What came during a long write may have gone quiet before its end.
        if (size > 0) wakeWhenQuiet();
        await new Promise<void>((resolve) => (wake = resolve));
      }
      if (ending?.kind === 'discard') {
        await writer?.discard();
        return false;
      }
      writer ??= await open();
      if (!writer) return false;
      if (size > 0) {
        const part = takePart();
        const check = { size: part.reduce((sum, { length }) => sum + length, 0), checksum: checksumOf(part) };
        await withRoom(() => writer!.append(part, check), makeRoom);
        lastWrite = now();
      } else if (ending?.kind === 'commit') {
        await writer.commit(await ending.info);
        return true;
      } else if (ending?.kind === 'leave') {
        return false;
      }
    }
  };

  const settled = write()
    .catch(async (error: unknown) => {
      onFailure(error);
      // What cannot be finished only takes space.
      await writer?.discard().catch(() => {});
      return false;
    })
    .finally(() => {
      over = true;
      clearTimeout(timer);
      pending = [];
      roomy();
    });

  const end = (how: Ending) => {
    ending = how;
    wake();
  };

  return {
    add(chunk) {
      if (over || chunk.length === 0) return undefined;
      pending.push(chunk);
      size += chunk.length;
      if (isDue()) wake();
      wakeWhenQuiet();
      if (size < pendingBytes) return undefined;
      room = new Promise((resolve) => (roomy = resolve));
      return room;
    },
    commit: (info) => end({ kind: 'commit', info }),
    leave: () => end({ kind: 'leave' }),
    discard() {
      pending = [];
      size = 0;
      end({ kind: 'discard' });
    },
    settled,
  };
}

/** Estimates of what is left are rough, and some browsers give none on purpose: only a write that fails tells. */
async function withRoom(write: () => Promise<void>, makeRoom: WriteBehindOptions['makeRoom']): Promise<void> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      const full = error instanceof Error && error.name === 'QuotaExceededError';
      if (!full || !(await makeRoom?.())) throw error;
    }
  }
}
