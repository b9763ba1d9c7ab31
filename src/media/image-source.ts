import { describe } from '../errors/check-options.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { ImageSource } from '../protocol/media.ts';
import { fetchBlob } from './fetch-blob.ts';
import { pixelSourceOf } from './pixel-source.ts';
import { typeTag } from './type-tag.ts';

const accepted =
  'Pass a URL, Blob, File, ImageData, ImageBitmap, VideoFrame, OffscreenCanvas, an <img>, <canvas> or <video>, or { data, width, height }.';

/**
 * An image in the form in which it crosses to a worker.
 *
 * @param what Names the input in messages.
 * @throws InsituError as `prepareInput` does.
 */
export async function imageSourceOf(input: unknown, what: string, signal: AbortSignal): Promise<ImageSource> {
  switch (typeTag(input)) {
    case 'String':
    case 'URL':
      return imageBlob(await fetchBlob(input as string | URL, what, signal), what);
    case 'Blob':
    case 'File':
      return imageBlob(input as Blob, what);
    case 'ImageData':
      return imageDataSource(input as ImageData, what);
    case 'ImageBitmap':
      // A copy of the user's own costs one of its pixels, made when it is transferred.
      return bitmapSource(input as ImageBitmap, what, 'It was closed, or transferred.');
    case 'VideoFrame':
      return frameSource(input as VideoFrame, what);
    case 'HTMLImageElement':
      return elementSource(input as HTMLImageElement, what);
    case 'SVGImageElement':
    case 'HTMLCanvasElement':
    case 'OffscreenCanvas':
      return bitmapSource(input as HTMLCanvasElement, what, 'Its width and height must be at least 1.');
    case 'HTMLVideoElement':
      return videoSource(input as HTMLVideoElement, what);
    default: {
      const source = pixelSourceOf(input, what);
      if (source) return source;
      throw new InsituError('INPUT_INVALID', `${what} is ${describe(input)}, not an image.`, { hint: accepted });
    }
  }
}

async function imageBlob(blob: Blob, what: string): Promise<ImageSource> {
  // Browsers draw SVG in pages only.
  if (!blob.type.startsWith('image/svg+xml')) return { kind: 'image-blob', blob };
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  try {
    return await elementSource(image, what);
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

async function imageDataSource(image: ImageData, what: string): Promise<ImageSource> {
  const { data, width, height, colorSpace } = image;
  // Other colours and half floats are for the browser to convert.
  if (colorSpace !== 'srgb' || !(data instanceof Uint8ClampedArray))
    return bitmapSource(image, what, 'It is detached.');
  return { kind: 'image-pixels', data: data.slice(), width, height };
}

async function elementSource(image: HTMLImageElement, what: string): Promise<ImageSource> {
  // One that waits to be scrolled to would not load.
  if (image.loading === 'lazy' && !image.complete) image.loading = 'eager';
  try {
    await image.decode();
  } catch (error) {
    throw unusable(what, image, 'It did not load, or is none that this browser can decode.', error);
  }
  return bitmapSource(image, what, 'An SVG image needs a width and a height of its own.');
}

function frameSource(frame: VideoFrame, what: string): ImageSource {
  try {
    return { kind: 'image-frame', frame: frame.clone() };
  } catch (error) {
    throw unusable(what, frame, 'It was closed, or transferred.', error);
  }
}

function videoSource(video: HTMLVideoElement, what: string): Promise<ImageSource> {
  const hint = 'It has no picture yet: wait for its `loadeddata` event.';
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) throw unusable(what, video, hint);
  return bitmapSource(video, what, hint);
}

async function bitmapSource(drawn: ImageBitmapSource, what: string, hint: string): Promise<ImageSource> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(drawn);
  } catch (error) {
    throw unusable(what, drawn, hint, error);
  }
  try {
    // A page may not read pixels of another origin. Asking costs nothing: the bitmap has no other owner.
    return { kind: 'image-bitmap', bitmap: structuredClone(bitmap, { transfer: [bitmap] }) };
  } catch (error) {
    const reason =
      'It has pixels of another origin: set `crossOrigin = "anonymous"` before its `src`, on a server that sends CORS headers.';
    throw unusable(what, drawn, reason, error);
  }
}

function unusable(what: string, drawn: unknown, hint: string, cause?: unknown): InsituError {
  return new InsituError('INPUT_INVALID', `${what} is a ${typeTag(drawn)} that cannot be read.`, { hint, cause });
}
