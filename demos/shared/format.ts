const kilobyte = 1e3;
const megabyte = 1e6;
const gigabyte = 1e9;

/** Megabytes (10⁶ bytes) with one decimal, without the unit. */
export function formatMegabytes(bytes: number): string {
  return (bytes / megabyte).toFixed(1);
}

/** Bytes in the unit that fits a sentence: `487 bytes`, `712 kB`, `23.4 MB`, `10.7 GB`, `512 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < kilobyte) return countOf(bytes, 'byte');
  if (bytes < megabyte) return `${Math.round(bytes / kilobyte)} kB`;
  if (bytes < gigabyte) return `${formatMegabytes(bytes)} MB`;
  return `${(bytes / gigabyte).toFixed(bytes < 100 * gigabyte ? 1 : 0)} GB`;
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
