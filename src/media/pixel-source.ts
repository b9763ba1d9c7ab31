import { describe } from '../errors/check-options.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { ImageSource } from '../protocol/media.ts';

const hint =
  'Pass { data, width, height, channels }: bytes 0..255 in a Uint8Array or Uint8ClampedArray, row by row, with 1 (grey), 3 (RGB) or 4 (RGBA) channels.';

/**
 * An image given as plain bytes, made RGBA; `undefined` where the input is none.
 *
 * @throws InsituError `INPUT_INVALID` where its sizes do not fit.
 */
export function pixelSourceOf(input: unknown, what: string): ImageSource | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  if (!('data' in input && 'width' in input && 'height' in input)) return undefined;
  const { data } = input;
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) {
    throw new InsituError('INPUT_INVALID', `${what} has for its data ${describe(data)}, not bytes.`, { hint });
  }
  const width = sizeOf(input, 'width', what);
  const height = sizeOf(input, 'height', what);
  const given = 'channels' in input ? input.channels : undefined;
  const channels = given ?? data.length / (width * height);
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    const reason =
      given === undefined ? `${data.length} bytes for ${width} x ${height} pixels` : `channels: ${String(given)}`;
    throw new InsituError('INPUT_INVALID', `${what} has ${reason}.`, { hint });
  }
  if (data.length !== width * height * channels) {
    const sizes = `${data.length} bytes, not the ${width * height * channels} of ${width} x ${height} pixels with ${channels} channels`;
    throw new InsituError('INPUT_INVALID', `${what} has ${sizes}.`, { hint });
  }
  return { kind: 'image-pixels', data: rgba(data, channels), width, height };
}

function sizeOf(input: object, name: 'width' | 'height', what: string): number {
  const value = (input as Record<string, unknown>)[name];
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new InsituError('INPUT_INVALID', `${what} has for its ${name} ${describe(value)}.`, { hint });
}

function rgba(data: Uint8Array | Uint8ClampedArray, channels: 1 | 3 | 4): Uint8ClampedArray<ArrayBuffer> {
  if (channels === 4) return new Uint8ClampedArray(data);
  const pixels = new Uint8ClampedArray((data.length / channels) * 4).fill(255);
  const [green, blue] = channels === 3 ? [1, 2] : [0, 0];
  for (let from = 0, to = 0; from < data.length; from += channels, to += 4) {
    pixels[to] = data[from]!;
    pixels[to + 1] = data[from + green]!;
    pixels[to + 2] = data[from + blue]!;
  }
  return pixels;
}
