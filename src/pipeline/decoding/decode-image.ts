import { describe } from '../../errors/check-options.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import type { ImageSource } from '../../protocol/media.ts';
import type { DrawnImage } from '../../runtime/runtime.ts';
import { type ImageSize, imageSizeOf } from './image-size.ts';
import { undecodable } from './undecodable-image.ts';

/** An image that can be drawn on a canvas. */
export interface DrawableImage extends ImageSize {
  image: ImageBitmap;
  /** Gives its memory back. */
  close(): void;
}

/** The area that every browser's canvas can have: 8192 x 8192, Safari's on a desktop. */
const mostPixels = 2 ** 26;
/** The longest side of a canvas in Firefox; Chromium has 65535. */
const longestSide = 32_767;

/**
 * An image, the right way up. The browser decodes and draws it as it does for transformers.js, so that they agree in every value.
 *
 * @param source What the page's `prepareInput` gave. Its bitmap or frame is closed.
 * @returns Its pixels are RGBA, row by row, not premultiplied. Asking for them may throw `OUT_OF_MEMORY`.
 * @throws InsituError `INPUT_INVALID` for what is no image, is broken or has more than 67 million pixels, `OUT_OF_MEMORY`;
 * the signal's reason when aborted.
 */
export async function decodeImage(source: unknown, signal: AbortSignal): Promise<DrawnImage> {
  if (isImageSource(source) && source.kind === 'image-pixels') {
    signal.throwIfAborted();
    const { data, width, height } = source;
    return { pixels: data, width, height };
  }
  const drawable = await decodeBitmap(source, signal);
  const { image, width, height } = drawable;
  try {
    // Pixels that are read back once are better drawn where they are read.
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    context.drawImage(image, 0, 0);
    return drawnImage(context, { width, height });
  } catch (error) {
    throw memoryError({ width, height }, error);
  } finally {
    drawable.close();
  }
}

/** Copies of it, by `...` too, have pixels and no canvas. */
function drawnImage(context: OffscreenCanvasRenderingContext2D, { width, height }: ImageSize): DrawnImage {
  let canvas: OffscreenCanvas | undefined = context.canvas;
  const settle = (pixels: Uint8ClampedArray<ArrayBuffer>) => {
    canvas = undefined;
    Object.defineProperty(image, 'pixels', { value: pixels, writable: true });
    return pixels;
  };
  const read = () => {
    try {
      return context.getImageData(0, 0, width, height).data as Uint8ClampedArray<ArrayBuffer>;
    } catch (error) {
      throw memoryError({ width, height }, error);
    }
  };
  const image = Object.defineProperties(
    { width, height },
    {
      pixels: { get: () => settle(read()), set: settle, enumerable: true, configurable: true },
      canvas: { get: () => canvas },
    },
  ) as DrawnImage;
  return image;
}

/**
 * An image in the form in which a canvas draws it, for tasks that want it smaller: its pixels are not read.
 *
 * @throws as `decodeImage`
 */
export async function decodeBitmap(source: unknown, signal: AbortSignal): Promise<DrawableImage> {
  if (!isImageSource(source)) {
    throw new InsituError('INPUT_INVALID', `The input is ${describe(source)}, not an image.`, {
      hint: 'Pass a URL, a Blob, pixels or an element of the page, as the documentation of the task lists them.',
    });
  }
  const bitmap = await bitmapOf(source, signal);
  const { width, height } = bitmap;
  const close = () => bitmap.close();
  try {
    signal.throwIfAborted();
    requireSize({ width, height });
  } catch (error) {
    close();
    throw error;
  }
  return { image: bitmap, width, height, close };
}

async function bitmapOf(source: ImageSource, signal: AbortSignal): Promise<ImageBitmap> {
  switch (source.kind) {
    case 'image-blob':
      signal.throwIfAborted();
      return bitmapOfFile(source.blob);
    case 'image-bitmap':
      return source.bitmap;
    case 'image-frame':
      try {
        return await createImageBitmap(source.frame);
      } finally {
        source.frame.close();
      }
    case 'image-pixels':
      requireSize(source);
      return createImageBitmap(new ImageData(source.data, source.width, source.height));
  }
}

async function bitmapOfFile(blob: Blob): Promise<ImageBitmap> {
  let size: ImageSize | undefined;
  try {
    size = await imageSizeOf(blob);
    if (size) requireSize(size);
    return await createImageBitmap(blob);
  } catch (error) {
    throw error instanceof InsituError ? error : await undecodable(blob, size, error);
  }
}

function requireSize({ width, height }: ImageSize): void {
  if (width * height <= mostPixels && Math.max(width, height) <= longestSide) return;
  throw new InsituError('INPUT_INVALID', `The image has ${width} x ${height} pixels, which is too many.`, {
    hint: `Make it smaller first: at most ${mostPixels} pixels (8192 x 8192), and ${longestSide} on a side.`,
  });
}

function memoryError({ width, height }: ImageSize, cause: unknown): InsituError {
  return new InsituError('OUT_OF_MEMORY', `There is no memory for an image of ${width} x ${height} pixels.`, {
    hint: 'Make it smaller first, or dispose of pipelines that are not needed.',
    cause,
  });
}

function isImageSource(source: unknown): source is ImageSource {
  return typeof source === 'object' && source !== null && String((source as ImageSource).kind).startsWith('image-');
}
