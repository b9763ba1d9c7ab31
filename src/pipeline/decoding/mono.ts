import type { Sound } from './sound.ts';

/**
 * Reads one channel made of all, as transformers.js 4 (and ffmpeg, which the Python library calls) makes it: two are added and
 * scaled by the square root of 1/2; of any other number the first is taken.
 */
export function createMonoReader({ channels, read }: Sound): (start: number, into: Float32Array<ArrayBuffer>) => void {
  if (channels !== 2) return (start, into) => read(0, start, into);
  let right = new Float32Array();
  return (start, into) => {
    if (right.length !== into.length) right = new Float32Array(into.length);
    read(0, start, into);
    read(1, start, right);
    for (let index = 0; index < into.length; index++) into[index] = (Math.SQRT2 * (into[index]! + right[index]!)) / 2;
  };
}
