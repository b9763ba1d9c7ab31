import { RawAudio, RawImage, Tensor } from '@huggingface/transformers';
import type { ImagePixels } from '../../protocol/tasks/vision-tasks.ts';
import { toRawImage } from '../pixels/raw-image.ts';
import type { EngineImage, TensorData } from '../runtime.ts';

/** The classes of transformers.js as plain data, also within lists and objects. */
export function toPlainValue(value: unknown): unknown {
  if (value instanceof Tensor) {
    return { type: value.type, data: value.data as TensorData['data'], dims: value.dims } satisfies TensorData;
  }
  if (value instanceof RawImage) {
    const { data, width, height, channels } = value;
    const pixels = data instanceof Uint8ClampedArray ? data : Uint8ClampedArray.from(data as Uint8Array);
    return { data: pixels as ImagePixels['data'], width, height, channels } satisfies ImagePixels;
  }
  if (value instanceof RawAudio) return { audio: value.data, sampling_rate: value.sampling_rate };
  if (Array.isArray(value)) return value.map(toPlainValue);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, toPlainValue(own)]));
}

/** Images as transformers.js takes them; everything else as it is. */
export function toTransformersInput(value: unknown): unknown {
  return isEngineImage(value) ? toRawImage(value) : value;
}

function isEngineImage(value: unknown): value is EngineImage {
  return typeof value === 'object' && value !== null && 'pixels' in value && 'width' in value;
}
