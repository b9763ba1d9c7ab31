/** A way to write samples into a WAV file, and how exact it is. */
export interface WavFormat {
  name: string;
  tag: 1 | 3;
  bits: 8 | 16 | 24 | 32 | 64;
  /** Largest difference between a sample and what can be read again. */
  error: number;
}

export const wavFormats: WavFormat[] = [
  { name: '8-bit integers', tag: 1, bits: 8, error: 2 ** -7 },
  { name: '16-bit integers', tag: 1, bits: 16, error: 2 ** -15 },
  { name: '24-bit integers', tag: 1, bits: 24, error: 2 ** -23 },
  { name: '32-bit integers', tag: 1, bits: 32, error: 2 ** -24 },
  { name: '32-bit floats', tag: 3, bits: 32, error: 0 },
  { name: '64-bit floats', tag: 3, bits: 64, error: 0 },
];

export interface WavOptions {
  rate?: number;
  /** The longer head, which has the format in a GUID. */
  extensible?: boolean;
  /** A chunk between head and samples. */
  before?: { name: string; bytes: number };
  /** What the head tells of the number of bytes of samples. */
  toldSize?: number;
}

/** A WAV file with the given channels. */
export function wavFile(
  channels: readonly (readonly number[] | Float32Array)[],
  { tag, bits }: Pick<WavFormat, 'tag' | 'bits'>,
  { rate = 16_000, extensible = false, before, toldSize }: WavOptions = {},
): ArrayBuffer {
  const [length, bytes] = [channels[0]!.length, bits / 8];
  const dataSize = length * channels.length * bytes;
  const headSize = extensible ? 40 : 16;
  const extra = before ? 8 + before.bytes + (before.bytes % 2) : 0;
  const file = new ArrayBuffer(12 + 8 + headSize + extra + 8 + dataSize);
  const view = new DataView(file);
  let at = 0;
  const text = (name: string) => {
    for (const letter of new TextEncoder().encode(name)) view.setUint8(at++, letter);
  };
  const uint16 = (value: number) => void (view.setUint16(at, value, true), (at += 2));
  const uint32 = (value: number) => void (view.setUint32(at, value, true), (at += 4));
  text('RIFF');
  uint32(file.byteLength - 8);
  text('WAVEfmt ');
  uint32(headSize);
  uint16(extensible ? 0xfffe : tag);
  uint16(channels.length);
  uint32(rate);
  uint32(rate * channels.length * bytes);
  uint16(channels.length * bytes);
  uint16(bits);
  if (extensible) {
    uint16(22);
    uint16(bits);
    uint32(0);
    uint16(tag);
    at += 14;
  }
  if (before) {
    text(before.name);
    uint32(before.bytes);
    at += extra - 8;
  }
  text('data');
  uint32(toldSize ?? dataSize);
  for (let index = 0; index < length; index++) {
    for (const channel of channels) {
      writeSample(view, at, channel[index]!, tag, bits);
      at += bytes;
    }
  }
  return file;
}

function writeSample(view: DataView, at: number, value: number, tag: 1 | 3, bits: WavFormat['bits']): void {
  if (tag === 3) return bits === 64 ? view.setFloat64(at, value, true) : view.setFloat32(at, value, true);
  const whole = Math.min(2 ** (bits - 1) - 1, Math.round(value * 2 ** (bits - 1)));
  if (bits === 8) view.setUint8(at, whole + 128);
  if (bits === 16) view.setInt16(at, whole, true);
  if (bits === 24) {
    view.setUint16(at, whole & 0xffff, true);
    view.setInt8(at + 2, whole >> 16);
  }
  if (bits === 32) view.setInt32(at, whole, true);
}
