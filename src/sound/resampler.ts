/** Changes the rate of a sound that comes in blocks. */
export interface Resampler {
  /** What can be told of the sound at its new rate now that these samples are known. They are not kept. */
  push(samples: Float32Array): Float32Array<ArrayBuffer>;
  /** The rest: after the last sample there is silence. */
  flush(): Float32Array<ArrayBuffer>;
}

/** How far what must not be heard is damped, in dB. */
const attenuation = 85;
/** The part of the lower of both Nyquist frequencies in which the filter falls from all to nothing; it ends there. */
const rollOff = 0.15;
/** J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974: shape and length for these. */
const beta = 0.1102 * (attenuation - 8.7);
const halfWidth = (attenuation - 7.95) / (2.285 * Math.PI * rollOff) / 2;

/** How many samples a sound has at another rate: as many as begin before it ends. */
export const resampledLength = (length: number, from: number, to: number): number => Math.ceil((length * to) / from);

/**
 * A resampler between any two rates: a windowed sinc for each of the places that an output can have between two inputs. Up to 0.85
 * of the lower Nyquist frequency levels are right within 0.01 dB; what lies above it is damped by 85 dB. Output k is the sound at
 * the time of k / `to` seconds: nothing is late.
 *
 * @param from Samples a second of the input, a whole number.
 * @param to Samples a second of the output, a whole number.
 */
export function createResampler(from: number, to: number): Resampler {
  if (from === to) return { push: (samples) => new Float32Array(samples), flush: () => new Float32Array() };
  const divisor = greatestCommonDivisor(from, to);
  const [step, phases] = [from / divisor, to / divisor];
  const filters = createFilters(from, to, phases);
  const taps = filters.length / phases;
  const half = taps / 2;

  /** What was given and is still needed; the first output sees silence before the sound. */
  let kept = new Float32Array(half - 1);
  /** Where the input begins that the next output is made of, in what is kept. */
  let next = 0;
  let phase = 0;
  let [taken, given] = [0, 0];

  const advance = (samples: Float32Array, most: number) => {
    const input = new Float32Array(kept.length + samples.length);
    input.set(kept);
    input.set(samples, kept.length);
    const ready = Math.max(0, Math.ceil(((input.length - taps - next + 1) * phases - phase) / step));
    const output = new Float32Array(Math.min(ready, most));
    for (let index = 0; index < output.length; index++) {
      output[index] = dot(input, next, filters, phase * taps, taps);
      phase += step;
      next += Math.floor(phase / phases);
      phase %= phases;
    }
    const used = Math.min(next, input.length);
    kept = input.slice(used);
    next -= used;
    given += output.length;
    return output;
  };

  return {
    push(samples) {
      taken += samples.length;
      return advance(samples, Infinity);
    },
    flush: () => advance(new Float32Array(half + 1), resampledLength(taken, from, to) - given),
  };
}

/** How much of a long sound is converted at once. */
const blockLength = 65_536;

/**
 * A whole sound at another rate.
 *
 * @param length Samples of the sound.
 * @param read Fills a block with the samples from `start` on; so a long sound need not be in memory as a whole.
 * @param pause Waited for between blocks: an hour takes seconds, and others may have to be heard meanwhile.
 */
export async function resample(
  length: number,
  from: number,
  to: number,
  read: (start: number, into: Float32Array<ArrayBuffer>) => void,
  pause: () => Promise<void>,
): Promise<Float32Array<ArrayBuffer>> {
  const output = new Float32Array(resampledLength(length, from, to));
  const resampler = createResampler(from, to);
  const block = new Float32Array(Math.min(blockLength, length));
  let filled = 0;
  const write = (samples: Float32Array) => {
    output.set(samples, filled);
    filled += samples.length;
  };
  for (let start = 0; start < length; start += block.length) {
    if (start > 0) await pause();
    const part = block.subarray(0, length - start);
    read(start, part);
    write(resampler.push(part));
  }
  write(resampler.flush());
  return output;
}

/** One filter after the other, of an even number of taps, a multiple of 4. */
function createFilters(from: number, to: number, phases: number): Float32Array {
  const narrowing = Math.min(1, to / from);
  const half = Math.ceil(halfWidth / narrowing / 2) * 2;
  const taps = half * 2;
  const cutoff = narrowing * (1 - rollOff / 2);
  const filters = new Float32Array(phases * taps);
  for (let phase = 0; phase < phases; phase++) {
    const filter = filters.subarray(phase * taps, (phase + 1) * taps);
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const time = tap - half + 1 - phase / phases;
      const x = Math.PI * cutoff * time;
      const value = (x === 0 ? 1 : Math.sin(x) / x) * kaiser(time / half);
      filter[tap] = value;
      sum += value;
    }
    // Each alone must leave a constant what it is, or the constant gets a tone.
    for (let tap = 0; tap < taps; tap++) filter[tap]! /= sum;
  }
  return filters;
}

const kaiser = (x: number) => besselI0(beta * Math.sqrt(Math.max(0, 1 - x * x)));

/** The modified Bessel function of the first kind and order 0, by its power series. */
function besselI0(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** Four sums side by side are twice as fast as one. */
function dot(input: Float32Array, from: number, filters: Float32Array, at: number, taps: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let tap = 0; tap < taps; tap += 4) {
    a += input[from + tap]! * filters[at + tap]!;
    b += input[from + tap + 1]! * filters[at + tap + 1]!;
    c += input[from + tap + 2]! * filters[at + tap + 2]!;
    d += input[from + tap + 3]! * filters[at + tap + 3]!;
  }
  return a + b + (c + d);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
