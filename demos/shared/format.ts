const megabyte = 1e6;

/** Megabytes (10⁶ bytes) with one decimal, without the unit. */
export function formatMegabytes(bytes: number): string {
  return (bytes / megabyte).toFixed(1);
}

/** Bytes in the unit that fits a sentence: `23.4 MB`, `61 GB`. */
export function formatBytes(bytes: number): string {
  return bytes >= 1e9 ? `${Math.round(bytes / 1e9)} GB` : `${formatMegabytes(bytes)} MB`;
}

/** A duration of milliseconds in three digits or so: `9.8 ms`, `124 ms`, `1.24 s`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(2)} s`;
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

/** A number with its noun: `1 sentence`, `2 sentences`. */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
