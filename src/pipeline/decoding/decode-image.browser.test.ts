import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodeBitmap, decodeImage } from './decode-image.ts';

afterEach(() => vi.restoreAllMocks());

const { signal } = new AbortController();
const red = [255, 0, 0, 255];
const green = [0, 255, 0, 255];
const blue = [0, 0, 255, 255];
const white = [255, 255, 255, 255];

/** Quarters of four colours; each side is a multiple of JPEG's blocks, so that they do not mix. */
function quarters(width = 64, height = 32): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  for (const [index, [r, g, b]] of [red, green, blue, white].entries()) {
    context.fillStyle = `rgb(${r},${g},${b})`;
    context.fillRect((index % 2) * (width / 2), index > 1 ? height / 2 : 0, width / 2, height / 2);
  }
  return canvas;
}

const encode = (type = 'image/png', canvas = quarters()) => canvas.convertToBlob({ type, quality: 1 });

/** A JPEG with the segment by which cameras tell how they were held: TIFF's tag 0x112 in APP1. */
async function jpegHeld(orientation: number): Promise<Blob> {
  const jpeg = await encode('image/jpeg');
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0];
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  const segment = [0xff, 0xe1, 0, 2 + exif.length + tiff.length, ...exif, ...tiff];
  return new Blob([jpeg.slice(0, 2), Uint8Array.from(segment), jpeg.slice(2)], { type: 'image/jpeg' });
}

/** What transformers.js 4 does in `RawImage.fromBlob`. */
async function asTransformers(blob: Blob): Promise<number[]> {
  const bitmap = await createImageBitmap(blob);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  return [...context.getImageData(0, 0, bitmap.width, bitmap.height).data];
}

/** A picture in which no pixel is like its neighbours, in part transparent. */
function noise(): OffscreenCanvas {
  const image = new ImageData(61, 47);
  for (let index = 0; index < image.data.length; index++) image.data[index] = (index * 7919) % 251;
  const canvas = new OffscreenCanvas(61, 47);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}

function cornersOf({
  pixels,
  width,
  height,
}: {
  pixels: Uint8ClampedArray;
  width: number;
  height: number;
}): number[][] {
  const at = (x: number, y: number) => [...pixels.subarray((y * width + x) * 4, (y * width + x + 1) * 4)];
  return [at(0, 0), at(width - 1, 0), at(0, height - 1), at(width - 1, height - 1)];
}

/** JPEG is not exact. */
const nearest = (colour: number[]) =>
  [red, green, blue, white].find((known) => known.every((value, index) => Math.abs(value - colour[index]!) < 16));

describe('decodeImage', () => {
  it.each(['image/png', 'image/jpeg', 'image/webp'])('gives the very values of transformers.js: %s', async (type) => {
    const blob = await encode(type, noise());
    expect(blob.type).toBe(type);
    const image = await decodeImage({ kind: 'image-blob', blob }, signal);
    expect(image).toMatchObject({ width: 61, height: 47 });
    expect([...image.pixels]).toEqual(await asTransformers(blob));
  });

  // Corners of the picture as a viewer shows it, from those of the file: Exif 2.32, 4.6.4 A.
  it.each([
    [1, [red, green, blue, white]],
    [2, [green, red, white, blue]],
    [3, [white, blue, green, red]],
    [4, [blue, white, red, green]],
    [5, [red, blue, green, white]],
    [6, [blue, red, white, green]],
    [7, [white, green, blue, red]],
    [8, [green, white, red, blue]],
  ])('turns a photo the right way up: orientation %i', async (orientation, corners) => {
    const image = await decodeImage({ kind: 'image-blob', blob: await jpegHeld(orientation) }, signal);
    expect([image.width, image.height]).toEqual(orientation > 4 ? [32, 64] : [64, 32]);
    expect(cornersOf(image).map(nearest)).toEqual(corners);
  });

  it('reads bitmaps and frames, and closes them', async () => {
    const bitmap = await createImageBitmap(quarters());
    const frame = new VideoFrame(quarters(), { timestamp: 0 });
    expect(cornersOf(await decodeImage({ kind: 'image-bitmap', bitmap }, signal))).toEqual([red, green, blue, white]);
    expect(cornersOf(await decodeImage({ kind: 'image-frame', frame }, signal))).toEqual([red, green, blue, white]);
    expect([bitmap.width, frame.format]).toEqual([0, null]);
  });

  it('hands pixels on as they are, premultiplied by nothing', async () => {
    const data = Uint8ClampedArray.of(9, 8, 7, 1);
    expect((await decodeImage({ kind: 'image-pixels', data, width: 1, height: 1 }, signal)).pixels).toBe(data);
  });

  it('shows it on a canvas until its pixels are asked for', async () => {
    const image = await decodeImage({ kind: 'image-blob', blob: await encode() }, signal);
    expect(image.canvas).toBeInstanceOf(OffscreenCanvas);
    expect('canvas' in { ...image }).toBe(false);
    expect(image.canvas).toBeUndefined();
    const { pixels } = image;
    pixels[0] = 9;
    expect(image.pixels).toBe(pixels);
  });

  it('forgets the canvas of an image that is given other pixels', async () => {
    const image = await decodeImage({ kind: 'image-blob', blob: await encode() }, signal);
    const pixels = new Uint8ClampedArray(64 * 32 * 4);
    image.pixels = pixels;
    expect(image.canvas).toBeUndefined();
    expect({ ...image }.pixels).toBe(pixels);
  });

  it('rejects with the reason of its signal, and closes the bitmap', async () => {
    const bitmap = await createImageBitmap(quarters());
    await expect(decodeImage({ kind: 'image-bitmap', bitmap }, AbortSignal.abort('enough'))).rejects.toBe('enough');
    expect(bitmap.width).toBe(0);
  });
});

describe('decodeBitmap', () => {
  it('gives what a canvas draws, for every kind of source', async () => {
    const pixels = { kind: 'image-pixels', data: Uint8ClampedArray.from(red), width: 1, height: 1 };
    for (const source of [pixels, { kind: 'image-blob', blob: await encode() }]) {
      const { image, width, height, close } = await decodeBitmap(source, signal);
      const context = new OffscreenCanvas(1, 1).getContext('2d')!;
      context.drawImage(image, 0, 0);
      expect([...context.getImageData(0, 0, 1, 1).data]).toEqual(red);
      expect([image.width, image.height]).toEqual([width, height]);
      close();
      expect(image.width).toBe(0);
    }
  });
});

async function pngOfSize(width: number, height: number): Promise<Blob> {
  const png = new DataView(await (await encode()).arrayBuffer());
  png.setUint32(16, width);
  png.setUint32(20, height);
  return new Blob([png], { type: 'image/png' });
}

describe('an image that cannot be decoded', () => {
  const failure = (source: unknown) => decodeImage(source, signal).catch((error: unknown) => error);
  const blob = (parts: BlobPart[], type = 'image/jpeg') => ({ kind: 'image-blob', blob: new Blob(parts, { type }) });

  it.each<[string, unknown, RegExp, RegExp]>([
    ['an empty file', blob([]), /empty/, /./],
    ['a page', blob(['<!DOCTYPE html><title>404</title>']), /an HTML page/, /address/],
    ['SVG of no type', blob(['<svg xmlns="http://www.w3.org/2000/svg"/>']), /an SVG image/, /image\/svg\+xml/],
    ['HEIC', blob(['\0\0\0\x18ftypheic']), /a HEIC image/, /JPEG/],
    ['TIFF', blob(['II*\0']), /a TIFF image/, /PNG/],
    ['PDF', blob(['%PDF-1.7']), /a PDF document/, /canvas/],
    ['text', blob(['text'], 'text/plain'), /4 bytes of type "text\/plain"/, /./],
    ['a named file', { kind: 'image-blob', blob: new File(['x'], 'cat.png') }, /The image cat\.png/, /./],
    ['what is no source', 'cat.png', /"cat.png", not an image/, /URL/],
    ['a sound', { kind: 'audio-samples', channels: [], rate: 1 }, /not an image/, /./],
  ])('is refused with a hint: %s', async (_, source, message, hint) => {
    expect(await failure(source)).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });

  it.each(['image/png', 'image/jpeg', 'image/webp'])('is refused when its data is garbage: %s', async (type) => {
    const whole = await encode(type, noise());
    await expect(decodeImage({ kind: 'image-blob', blob: whole }, signal)).resolves.toBeDefined();
    const head = whole.slice(0, type === 'image/jpeg' ? 400 : 40);
    expect(await failure({ kind: 'image-blob', blob: head })).toMatchObject({ code: 'INPUT_INVALID' });
  });

  it.each([
    [20_000, 20_000],
    [40_000, 10],
  ])('is refused for its size before memory is taken: %i x %i', async (width, height) => {
    const decode = vi.spyOn(globalThis, 'createImageBitmap');
    expect(await failure({ kind: 'image-blob', blob: await pngOfSize(width, height) })).toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(`${width} x ${height}`),
      hint: expect.stringContaining('8192'),
    });
    expect(decode).not.toHaveBeenCalled();
  });
});
