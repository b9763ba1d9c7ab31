/** Samples of one channel, -1..1, at the rate that speech models take. */
export type Samples = Float32Array<ArrayBuffer>;

/** Samples for a second. */
export const sampleRate = 16_000;

/** Seconds that whisper hears at once, and how early a piece may end for the sake of a pause. */
const longestPiece = 29;
const shortestPiece = 18;
/** Samples whose loudness counts as one moment: a twentieth of a second. */
const moment = sampleRate / 20;

/** Loudness (root mean square) of each stretch of samples. */
export function loudnessOf(samples: Samples, from: number, to: number, stretch: number): Float32Array {
  const loudness = new Float32Array(Math.ceil((to - from) / stretch));
  for (let at = 0; at < loudness.length; at++) {
    const start = from + at * stretch;
    const end = Math.min(start + stretch, to);
    let sum = 0;
    for (let i = start; i < end; i++) sum += samples[i]! ** 2;
    loudness[at] = Math.sqrt(sum / (end - start));
  }
  return loudness;
}

/** Cuts a recording into pieces that a speech model hears at once, each but the last at its quietest moment. */
export function cutAtPauses(samples: Samples): { start: number; end: number }[] {
  const pieces: { start: number; end: number }[] = [];
  let start = 0;
  while (samples.length - start > longestPiece * sampleRate) {
    const from = start + shortestPiece * sampleRate;
    const loudness = loudnessOf(samples, from, start + longestPiece * sampleRate, moment);
    const quietest = loudness.reduce((best, value, at) => (value < loudness[best]! ? at : best), 0);
    const end = from + Math.round((quietest + 0.5) * moment);
    pieces.push({ start, end });
    start = end;
  }
  return [...pieces, { start, end: samples.length }];
}

/** Peaks of a recording for a picture of so many columns, 0..1, the loudest of all 1. */
export function peaksOf(samples: Samples, columns: number): Float32Array {
  const peaks = new Float32Array(columns);
  const width = samples.length / columns;
  let loudest = 0.02;
  for (let column = 0; column < columns; column++) {
    const end = Math.min(samples.length, Math.ceil((column + 1) * width));
    for (let i = Math.floor(column * width); i < end; i++)
      peaks[column] = Math.max(peaks[column]!, Math.abs(samples[i]!));
    loudest = Math.max(loudest, peaks[column]!);
  }
  return peaks.map((peak) => peak / loudest);
}

/**
 * Decodes any sound file that the browser knows, mixed to one channel.
 *
 * @throws Error in words for the visitor.
 */
export async function decodeSound(file: Blob): Promise<Samples> {
  const context = new OfflineAudioContext(1, 1, sampleRate);
  const decoded = await context.decodeAudioData(await file.arrayBuffer()).catch((cause: unknown) => {
    throw new Error('This browser cannot decode the file as sound.', { cause });
  });
  const mixed = new Float32Array(decoded.length);
  for (let channel = 0; channel < decoded.numberOfChannels; channel++) {
    decoded.getChannelData(channel).forEach((sample, at) => (mixed[at]! += sample / decoded.numberOfChannels));
  }
  if (mixed.length === 0) throw new Error('There is no sound in the file.');
  return mixed;
}
