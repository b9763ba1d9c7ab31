import { createFourierTransform } from './fourier-transform.ts';

/** How a recording becomes what Whisper hears. */
export interface LogMelSettings {
  /** Weights of a frame's samples; as many as a frame has. */
  window: ArrayLike<number>;
  /** Samples from one frame to the next. */
  hop: number;
  /** For each mel band, the weight of each frequency from 0 to half of the rate. */
  filters: readonly (readonly number[])[];
  /** Most frames; what comes later is not heard. */
  mostFrames: number;
}

/** Powers of ten: what is quieter counts as this, and as not further below the loudest than that. */
const quietest = 1e-10;
const range = 8;

/**
 * Makes the logarithms of the powers in mel bands, frame by frame, as OpenAI's Whisper computes them: frames are centred, their
 * ends mirrored, and values shifted and scaled by 4.
 *
 * @returns For samples, of which there are more than a frame has, the bands one after the other, each with a value for each frame.
 */
export function createLogMel({ window, hop, filters, mostFrames }: LogMelSettings) {
  const size = window.length;
  const transform = createFourierTransform(size);
  const bands = filters.map(bandOf);
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);

  /** @returns Whether anything is heard. */
  const takeFrame = (samples: ArrayLike<number>, frame: number, into: Float64Array) => {
    const last = samples.length - 1;
    const start = frame * hop - Math.floor(size / 2);
    let heard = false;
    for (let index = 0; index < size; index++) {
      const at = Math.abs(start + index);
      const sample = samples[at > last ? 2 * last - at : at]!;
      into[index] = sample * window[index]!;
      heard ||= sample !== 0;
    }
    return heard;
  };

  return (samples: ArrayLike<number>): { values: Float32Array<ArrayBuffer>; frames: number } => {
    const frames = Math.min(Math.floor(samples.length / hop), mostFrames);
    const values = new Float32Array(bands.length * frames).fill(Math.log10(quietest));
    const powers = new Float32Array(Math.floor(size / 2) + 1);
    const write = (frame: number) => {
      for (const [band, { first, weights }] of bands.entries()) {
        let power = 0;
        for (let index = 0; index < weights.length; index++) power += weights[index]! * powers[first + index]!;
        values[band * frames + frame] = Math.log10(Math.max(quietest, power));
      }
    };
    // Two frames in one transform: one is its real part, the other its imaginary part.
    for (let frame = 0; frame < frames; frame += 2) {
      const both = frame + 1 < frames;
      const heardFirst = takeFrame(samples, frame, real);
      const heardSecond = both && takeFrame(samples, frame + 1, imaginary);
      // Silence needs no transform: a short recording is mostly that.
      if (!heardFirst && !heardSecond) continue;
      if (!both) imaginary.fill(0);
      transform(real, imaginary);
      for (let index = 0; index < powers.length; index++) {
        const mirrored = (size - index) % size;
        powers[index] = ((real[index]! + real[mirrored]!) ** 2 + (imaginary[index]! - imaginary[mirrored]!) ** 2) / 4;
      }
      write(frame);
      if (!both) break;
      for (let index = 0; index < powers.length; index++) {
        const mirrored = (size - index) % size;
        powers[index] = ((imaginary[index]! + imaginary[mirrored]!) ** 2 + (real[mirrored]! - real[index]!) ** 2) / 4;
      }
      write(frame + 1);
    }
    let loudest = -Infinity;
    for (const value of values) loudest = Math.max(loudest, value);
    for (let index = 0; index < values.length; index++) {
      values[index] = (Math.max(values[index]!, loudest - range) + 4) / 4;
    }
    return { values, frames };
  };
}

/** Nearly all weights of a band are 0. */
function bandOf(filter: readonly number[]): { first: number; weights: Float32Array } {
  let first = 0;
  let end = filter.length;
  while (first < end && filter[first] === 0) first++;
  while (end > first && filter[end - 1] === 0) end--;
  return { first, weights: Float32Array.from(filter.slice(first, end)) };
}
