import type { LoadEvent } from 'insitu';

export interface ByteTally {
  add(event: LoadEvent): void;
  /** Bytes that came over the network, as far as the events tell. */
  readonly fetched: number;
  /** Bytes of files that an earlier download had brought, and this one goes on from. */
  readonly resumedFrom: number;
}

/** Reads from the events of a load what it fetched, and where it went on. */
export function createByteTally(): ByteTally {
  const files = new Map<string, { start: number; loaded: number }>();
  const sum = (count: (file: { start: number; loaded: number }) => number): number =>
    [...files.values()].reduce((total, file) => total + count(file), 0);
  return {
    add(event) {
      if (!('file' in event) || event.source !== 'network' || event.status === 'initiate') return;
      // The first of them says where the download begins; a server that gives no ranges begins anew.
      const start = Math.min(files.get(event.file)?.start ?? event.fileLoaded, event.fileLoaded);
      files.set(event.file, { start, loaded: event.fileLoaded });
    },
    get fetched() {
      return sum(({ start, loaded }) => loaded - start);
    },
    get resumedFrom() {
      return sum(({ start }) => start);
    },
  };
}
