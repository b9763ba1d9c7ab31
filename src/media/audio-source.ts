import { describe } from '../errors/check-options.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { AudioSource } from '../protocol/media.ts';
import { fetchBlob } from './fetch-blob.ts';
import { typeTag } from './type-tag.ts';

const accepted =
  'Pass a URL, Blob, File, ArrayBuffer, AudioBuffer, { samples, rate } with a Float32Array, or a Float32Array at the rate of the model.';

/**
 * A sound in the form in which it crosses to a worker.
 *
 * @param what Names the input in messages.
 * @param decodeRate To what rate the browser decodes compressed sound, in hertz.
 * @throws InsituError as `prepareInput` does.
 */
export async function audioSourceOf(
  input: unknown,
  what: string,
  decodeRate: number,
  signal: AbortSignal,
): Promise<AudioSource> {
  switch (typeTag(input)) {
    case 'String':
    case 'URL': {
      const file = await fetchBlob(input as string | URL, what, signal);
      return fileSource(file, `${what} (${file.name})`, decodeRate);
    }
    case 'Blob':
      return fileSource(input as Blob, what, decodeRate);
    case 'File':
      return fileSource(input as File, `${what} (${(input as File).name})`, decodeRate);
    case 'ArrayBuffer':
      return bytesSource((input as ArrayBuffer).slice(), what, decodeRate);
    case 'AudioBuffer':
      // The user's own buffer keeps its samples.
      return bufferSource(input as AudioBuffer, (samples) => samples.slice());
    case 'Float32Array':
      return { kind: 'audio-samples', channels: [new Float32Array(input as Float32Array)], rate: 0 };
    default: {
      const samples = givenSamples(input, what);
      if (samples) return samples;
      throw new InsituError('INPUT_INVALID', `${what} is ${describe(input)}, not a sound.`, { hint: accepted });
    }
  }
}

function givenSamples(input: unknown, what: string): AudioSource | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const given = input as Record<string, unknown>;
  // transformers.js and the Python library say `audio` or `data`, and `sampling_rate`.
  const data = given.samples ?? given.data ?? given.audio;
  const hertz = given.rate ?? given.sampling_rate;
  if (data === undefined) return undefined;
  if (typeTag(data) !== 'Float32Array') {
    throw new InsituError('INPUT_INVALID', `${what} has for its samples ${describe(data)}.`, {
      hint: 'They must be a Float32Array of -1..1.',
    });
  }
  if (typeof hertz !== 'number' || !(hertz > 0 && hertz < Infinity)) {
    throw new InsituError('INPUT_INVALID', `${what} has for its rate ${describe(hertz)}.`, {
      hint: 'Tell how many samples a second has: { samples, rate: 16000 }.',
    });
  }
  return { kind: 'audio-samples', channels: [new Float32Array(data as Float32Array)], rate: hertz };
}

async function fileSource(blob: Blob, what: string, decodeRate: number): Promise<AudioSource> {
  let bytes: ArrayBuffer;
  try {
    bytes = await blob.arrayBuffer();
  } catch (error) {
    throw new InsituError('INPUT_INVALID', `${what} cannot be read.`, {
      hint: 'Its file was changed, moved or deleted since it was chosen.',
      cause: error,
    });
  }
  return bytesSource(bytes, what, decodeRate);
}

/** @param bytes Nobody else's. */
async function bytesSource(bytes: ArrayBuffer, what: string, decodeRate: number): Promise<AudioSource> {
  if (bytes.byteLength === 0) {
    throw new InsituError('INPUT_INVALID', `${what} is empty.`, { hint: 'Check where it comes from.' });
  }
  if (isPlainWave(bytes)) return { kind: 'audio-file', bytes };
  const { byteLength } = bytes;
  const start = new TextDecoder('latin1').decode(new Uint8Array(bytes, 0, Math.min(byteLength, 64)));
  try {
    // Decoding happens beside the page's thread. The context is for its rate alone.
    const buffer = await new OfflineAudioContext(1, 1, decodeRate).decodeAudioData(bytes);
    return bufferSource(buffer, (samples) => samples);
  } catch (error) {
    const page = /^\s*(<!doctype html|<html)/i.test(start);
    throw new InsituError(
      'INPUT_INVALID',
      `${what} cannot be decoded: ${byteLength} bytes${page ? ' of an HTML page' : ''}.`,
      {
        hint: page
          ? 'Servers answer unknown paths with a page: check its address.'
          : 'It is damaged, or no sound that this browser knows. WAV, MP3, AAC, FLAC, Ogg and WebM are known to most.',
        cause: error,
      },
    );
  }
}

/** A RIFF file, unless its first chunk tells of a compression, which is for the browser to undo. */
function isPlainWave(bytes: ArrayBuffer): boolean {
  if (bytes.byteLength < 12) return false;
  const view = new DataView(bytes);
  const ascii = (at: number) => String.fromCharCode(...new Uint8Array(bytes, at, 4));
  if (ascii(0) !== 'RIFF' || ascii(8) !== 'WAVE') return false;
  if (bytes.byteLength < 22 || ascii(12) !== 'fmt ') return true;
  const [integers, floats, extensible] = [1, 3, 0xfffe];
  return [integers, floats, extensible].includes(view.getUint16(20, true));
}

function bufferSource(
  buffer: AudioBuffer,
  take: (samples: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>,
): AudioSource {
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) =>
    take(buffer.getChannelData(channel)),
  );
  return { kind: 'audio-samples', channels, rate: buffer.sampleRate };
}
