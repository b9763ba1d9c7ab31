import type { Embeddings } from './task-map.ts';

/** Puts rows of several tensors into one; rows that are shorter than the longest are filled with 0. */
export function joinEmbeddings(rows: readonly { of: Embeddings; row: number }[]): Embeddings {
  if (rows.length === 0) return { data: new Float32Array(0), dims: [0, 0] };
  const sizes = rows.map(({ of }) => of.data.length / of.dims[0]!);
  const size = Math.max(...sizes);
  const longest = rows[sizes.indexOf(size)]!.of.dims;
  const data = new Float32Array(rows.length * size);
  for (const [index, { of, row }] of rows.entries()) {
    const own = sizes[index]!;
    data.set(of.data.subarray(row * own, (row + 1) * own), index * size);
  }
  return { data, dims: [rows.length, ...longest.slice(1)] };
}
