/** Rows in which spans of time are drawn so that they do not cover each other. */
export interface CallRows {
  /** The lowest row that has been free for a while, and is taken from now on; if there is none, the one that is free for longest. */
  take(at: number): number;
  release(row: number, at: number): void;
}

/** @param apart Milliseconds between the end of a span and the start of the next. */
export function createCallRows(count: number, apart = 0): CallRows {
  /** When each became free: `Infinity` while it is taken. */
  const freeSince = Array.from({ length: count }, () => -Infinity);
  return {
    take(at) {
      const free = freeSince.findIndex((since) => since + apart <= at);
      const row = free >= 0 ? free : freeSince.indexOf(Math.min(...freeSince));
      freeSince[row] = Infinity;
      return row;
    },
    release(row, at) {
      freeSince[row] = at;
    },
  };
}
