import { type Sound, soundError } from './sound.ts';

/** Number of bytes of a sample, and how it is read. */
interface SampleFormat {
  bytes: number;
  read(view: DataView, at: number): number;
}

const integers: Record<number, SampleFormat> = {
  8: { bytes: 1, read: (view, at) => (view.getUint8(at) - 128) / 2 ** 7 },
  16: { bytes: 2, read: (view, at) => view.getInt16(at, true) / 2 ** 15 },
  24: { bytes: 3, read: (view, at) => (view.getInt8(at + 2) * 2 ** 16 + view.getUint16(at, true)) / 2 ** 23 },
  32: { bytes: 4, read: (view, at) => view.getInt32(at, true) / 2 ** 31 },
};
const floats: Record<number, SampleFormat> = {
  32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  64: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};

/** Multimedia Programming Interface and Data Specifications 1.0 (1991), and mmreg.h: `wFormatTag`. */
const [pcmTag, floatTag, extensibleTag] = [1, 3, 0xfffe];
/** What programs write for the size of a sound that they did not know the end of: close to 2^31 or 2^32. */
const unknownSize = 0x7f00_0000;

const resave = 'Save it again as WAV with PCM, or as a format that the browser decodes.';

/**
 * The sound in a WAV file: integers of 8, 16, 24 or 32 bits, floats of 32 or 64, any number of channels.
 *
 * @throws InsituError `INPUT_INVALID` for another compression, a damaged head, or fewer samples than the head tells.
 */
export function readWav(bytes: ArrayBuffer): Sound {
  const view = new DataView(bytes);
  const chunks = chunksOf(view);
  const format = chunks.get('fmt ');
  if (!format) throw soundError('The WAV file has no head (fmt) that could be read.', 'It is damaged or cut off.');
  const head = readHead(view, format);
  const data = chunks.get('data');
  if (!data) throw soundError('The WAV file has no samples (data).', 'It is damaged or cut off.');
  const { channels, rate, sample } = head;
  const frame = sample.bytes * channels;
  const available = bytes.byteLength - data.start;
  if (data.size > available && data.size < unknownSize) {
    throw soundError(
      `The WAV file is cut off: its head tells of ${data.size} bytes of samples, of which ${available} are there.`,
      'Fetch or record it again.',
    );
  }
  return {
    rate,
    channels,
    length: Math.floor(Math.min(data.size, available) / frame),
    read(channel, start, into) {
      const { read } = sample;
      let at = data.start + start * frame + channel * sample.bytes;
      for (let index = 0; index < into.length; index++, at += frame) into[index] = read(view, at);
    },
  };
}

interface Chunk {
  start: number;
  size: number;
}

/** What follows the name of the format, by the names of the chunks; the first of each name. */
function chunksOf(view: DataView): Map<string, Chunk> {
  const chunks = new Map<string, Chunk>();
  for (let at = 12; at + 8 <= view.byteLength;) {
    const name = String.fromCharCode(...new Uint8Array(view.buffer, at, 4));
    const size = view.getUint32(at + 4, true);
    if (!chunks.has(name)) chunks.set(name, { start: at + 8, size });
    at += 8 + size + (size % 2);
  }
  return chunks;
}

function readHead(view: DataView, { start, size }: Chunk) {
  if (size < 16 || start + size > view.byteLength) {
    throw soundError(`The head (fmt) of the WAV file has ${size} bytes.`, 'It is damaged or cut off.');
  }
  const given = view.getUint16(start, true);
  // The tag proper is at the start of a GUID.
  const tag = given === extensibleTag && size >= 26 ? view.getUint16(start + 24, true) : given;
  const channels = view.getUint16(start + 2, true);
  const rate = view.getUint32(start + 4, true);
  const bits = view.getUint16(start + 14, true);
  const formats = tag === pcmTag ? integers : tag === floatTag ? floats : undefined;
  const sample = formats?.[bits];
  if (!sample) {
    throw soundError(`The WAV file has samples of kind ${tag} with ${bits} bits, which are not known here.`, resave);
  }
  if (channels === 0) throw soundError('The WAV file has 0 channels.', 'Its head is damaged.');
  return { channels, rate, sample };
}
