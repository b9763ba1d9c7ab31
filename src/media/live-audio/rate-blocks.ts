import { createResampler } from '../../sound/resampler.ts';

/**
 * Makes blocks of one length, at one rate, of samples that come in pieces of any length at another.
 *
 * @returns What turns each piece into the blocks that it completes.
 */
export function createRateBlocks(
  from: number,
  to: number,
  blockSize: number,
): (samples: Float32Array) => Float32Array<ArrayBuffer>[] {
  const resampler = createResampler(from, to);
  let block = new Float32Array(blockSize);
  let filled = 0;
  return (samples) => {
    const whole: Float32Array<ArrayBuffer>[] = [];
    const converted = resampler.push(samples);
    for (let start = 0; start < converted.length;) {
      const part = converted.subarray(start, start + blockSize - filled);
      block.set(part, filled);
      filled += part.length;
      start += part.length;
      if (filled < blockSize) continue;
      whole.push(block);
      block = new Float32Array(blockSize);
      filled = 0;
    }
    return whole;
  };
}
