import { InsituError } from '../errors/insitu-error.ts';
import type { Embeddings } from './tasks/text-tasks.ts';

/** One vector of length 1 for each input, row by row. */
export interface UnitVectors {
  vectors: Float32Array<ArrayBuffer>;
  /** Numbers of each. */
  size: number;
}

/**
 * What an embedder gave as one vector for each input: of several, as of the tokens of a text or the patches of an image, the mean;
 * scaled to length 1.
 *
 * @throws InsituError `MODEL_UNSUPPORTED` for what is no vectors.
 */
export function unitVectors({ data, dims }: Embeddings): UnitVectors {
  const [count = 0, ...rest] = dims;
  const size = rest.at(-1) ?? 0;
  const rows = rest.length === 1 ? 1 : rest[0]!;
  if (rest.length < 1 || rest.length > 2 || count * rows * size !== data.length) {
    throw new InsituError('MODEL_UNSUPPORTED', `The embedder gives tensors of the shape [${dims.join(', ')}].`, {
      hint: 'Use one that gives a vector for each input, or one for each token or patch.',
    });
  }
  const vectors = new Float32Array(count * size);
  for (let index = 0; index < count; index++) {
    const vector = vectors.subarray(index * size, (index + 1) * size);
    for (let row = 0; row < rows; row++) {
      const from = (index * rows + row) * size;
      for (let at = 0; at < size; at++) vector[at]! += data[from + at]!;
    }
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    if (!Number.isFinite(length)) {
      throw new InsituError('MODEL_UNSUPPORTED', `The embedder gives numbers that are none, for input ${index}.`, {
        hint: 'Load it with another `dtype`.',
      });
    }
    // Nothing of nothing stays nothing.
    if (length > 0) for (let at = 0; at < size; at++) vector[at]! /= length;
  }
  return { vectors, size };
}
