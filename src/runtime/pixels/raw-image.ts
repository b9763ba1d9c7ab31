import { RawImage } from '@huggingface/transformers';
import type { DrawnImage } from '../runtime.ts';

const images = new WeakMap<RawImage, DrawnImage>();

/** An image of transformers.js whose pixels are not read before it is asked for them. */
export function toRawImage(image: DrawnImage): RawImage {
  const raw = new RawImage(new Uint8ClampedArray(), image.width, image.height, 4);
  // From here on it is what its data says: whoever asks for that may change it.
  const settle = (data: RawImage['data']) => {
    images.delete(raw);
    Object.defineProperty(raw, 'data', { value: data, writable: true });
    return data;
  };
  Object.defineProperty(raw, 'data', {
    configurable: true,
    enumerable: true,
    get: () => settle(image.pixels),
    set: settle,
  });
  images.set(raw, image);
  return raw;
}

/** What an image was made of; `undefined` once its pixels were asked for, and for images that are not of {@link toRawImage}. */
export const sourceOf = (raw: RawImage): DrawnImage | undefined => images.get(raw);
