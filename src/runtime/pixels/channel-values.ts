/** How the values 0..255 of a picture become a model's. */
export interface ValueScale {
  /** Left out where values stay as they are. */
  rescale?: number;
  /** Of red, green and blue; left out where values are not normalised. */
  normalize?: { mean: readonly number[]; deviation: readonly number[] };
  /** Whether the model wants blue first. */
  reversed?: boolean;
}

/**
 * What each value of red, green and blue becomes.
 *
 * @returns Tables of 256 numbers, in the order in which the model wants the channels. Rounded after each step, as transformers.js does.
 */
export function channelTables({ rescale = 1, normalize, reversed = false }: ValueScale): Float32Array[] {
  const tables = [0, 1, 2].map((channel) =>
    Float32Array.from({ length: 256 }, (_, value) => {
      const scaled = Math.fround(rescale * value);
      return normalize ? (scaled - normalize.mean[channel]!) / normalize.deviation[channel]! : scaled;
    }),
  );
  return reversed ? tables.reverse() : tables;
}

/**
 * Pixels as a model takes them: one plane for each channel.
 *
 * @param pixels RGBA, row by row.
 * @param tables From {@link channelTables}, with the same `reversed`.
 * @returns `undefined` if the picture is not opaque.
 */
export function channelValues(
  pixels: Uint8ClampedArray,
  tables: readonly Float32Array[],
  reversed = false,
): Float32Array<ArrayBuffer> | undefined {
  const [first, second, third] = tables as [Float32Array, Float32Array, Float32Array];
  const size = pixels.length / 4;
  const values = new Float32Array(3 * size);
  const [red, blue] = reversed ? [2, 0] : [0, 2];
  let opacity = 255;
  for (let index = 0, at = 0; index < size; index++, at += 4) {
    values[index] = first[pixels[at + red]!]!;
    values[size + index] = second[pixels[at + 1]!]!;
    values[2 * size + index] = third[pixels[at + blue]!]!;
    opacity &= pixels[at + 3]!;
  }
  return opacity === 255 ? values : undefined;
}
