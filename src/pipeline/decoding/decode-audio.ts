import { describe } from '../../errors/check-options.ts';
import type { AudioSource } from '../../protocol/media.ts';
import { resample } from '../../sound/resampler.ts';
import { createMonoReader } from './mono.ts';
import { readWav } from './read-wav.ts';
import { type Sound, soundError, soundOf } from './sound.ts';

/** Rates in hertz that a sound may have; browsers' own contexts go as high. */
const [lowestRate, highestRate] = [1000, 768_000];

/**
 * The samples of a sound in one channel, at the rate that a model wants.
 *
 * @param source What the page's `prepareInput` gave.
 * @param rate Samples a second.
 * @param pause Waited for now and then in a long sound; what it throws ends the work.
 * @throws InsituError `INPUT_INVALID` for what is no sound, is damaged, has no samples, or has some that are no numbers.
 */
export async function decodeAudio(
  source: unknown,
  rate: number,
  pause: () => Promise<void>,
): Promise<Float32Array<ArrayBuffer>> {
  const sound = open(source);
  if (sound.length === 0) throw soundError('The sound is empty.', 'Pass at least one sample.');
  const from = Math.round(sound.rate || rate);
  if (!(from >= lowestRate && from <= highestRate)) {
    throw soundError(
      `The sound has ${sound.rate} samples a second.`,
      `Rates from ${lowestRate} to ${highestRate} are converted. Check the rate that you passed, or the file.`,
    );
  }
  const readMono = createMonoReader(sound);
  return resample(
    sound.length,
    from,
    rate,
    (start, into) => {
      readMono(start, into);
      requireNumbers(start, into);
    },
    pause,
  );
}

function open(source: unknown): Sound {
  if (isAudioSource(source)) {
    return source.kind === 'audio-file' ? readWav(source.bytes) : soundOf(source.channels, source.rate);
  }
  throw soundError(
    `The input is ${describe(source)}, not a sound.`,
    'Pass a URL, a Blob, an AudioBuffer, or samples with their rate.',
  );
}

function requireNumbers(start: number, samples: Float32Array): void {
  let sum = 0;
  for (let index = 0; index < samples.length; index++) sum += samples[index]!;
  // One that is none leaves no number of the sum.
  if (Number.isFinite(sum)) return;
  const index = samples.findIndex((sample) => !Number.isFinite(sample));
  throw soundError(
    `Sample ${start + index} of the sound is ${samples[index]}.`,
    'Samples are numbers of -1..1. Look for a division by 0 where they are made.',
  );
}

function isAudioSource(source: unknown): source is AudioSource {
  return typeof source === 'object' && source !== null && String((source as AudioSource).kind).startsWith('audio-');
}
