import { InsituError } from '../../errors/insitu-error.ts';
import type { Embeddings, FeatureExtractionOptions } from '../../protocol/tasks/text-tasks.ts';

/**
 * Shortens vectors to their leading numbers, and packs them, as the options say.
 *
 * @throws InsituError `OPTION_INVALID` where the vectors are too short for that.
 */
export function packVectors(
  embeddings: Embeddings,
  { dimensions, normalize, quantize, precision = 'binary' }: FeatureExtractionOptions,
): Embeddings<Float32Array | Int8Array | Uint8Array> {
  const shortened = dimensions === undefined ? embeddings : shorten(embeddings, dimensions, normalize ?? false);
  if (!quantize) return shortened;
  return precision === 'int8' ? toInt8(shortened) : toBits(shortened, precision === 'ubinary');
}

function shorten({ data, dims }: Embeddings, dimensions: number, normalize: boolean): Embeddings {
  const size = dims.at(-1)!;
  if (dimensions > size) {
    throw new InsituError('OPTION_INVALID', `The model's vectors have ${size} numbers, not ${dimensions}.`, {
      hint: `Pass \`dimensions\` of at most ${size}.`,
    });
  }
  const count = data.length / size;
  const short = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    const own = data.subarray(row * size, row * size + dimensions);
    const length = normalize ? Math.hypot(...own) || 1 : 1;
    for (let place = 0; place < dimensions; place++) short[row * dimensions + place] = own[place]! / length;
  }
  return { data: short, dims: [...dims.slice(0, -1), dimensions] };
}

/** -1..1 to -127..127; what is outside counts as its end. */
function toInt8({ data, dims }: Embeddings): Embeddings<Int8Array> {
  const packed = Int8Array.from(data, (value) => Math.round(Math.max(-1, Math.min(1, value)) * 127));
  return { data: packed, dims };
}

/** One bit for each number, 1 where it is positive, the first one highest; signed bytes are 128 less (as in sentence-transformers). */
function toBits({ data, dims }: Embeddings, unsigned: boolean): Embeddings<Int8Array | Uint8Array> {
  const size = dims.at(-1)!;
  if (size % 8 !== 0) {
    throw new InsituError('OPTION_INVALID', `Vectors of ${size} numbers cannot be packed 8 to a byte.`, {
      hint: 'Shorten them to a multiple of 8 with `dimensions`.',
    });
  }
  const packed = new (unsigned ? Uint8Array : Int8Array)(data.length / 8);
  for (let byte = 0; byte < packed.length; byte++) {
    let bits = 0;
    for (let bit = 0; bit < 8; bit++) bits = bits * 2 + (data[byte * 8 + bit]! > 0 ? 1 : 0);
    packed[byte] = unsigned ? bits : bits - 128;
  }
  return { data: packed, dims: [...dims.slice(0, -1), size / 8] };
}
