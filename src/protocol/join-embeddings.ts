import type { Embeddings } from './tasks/text-tasks.ts';

type Vectors = Embeddings<Float32Array | Int8Array | Uint8Array>;

/** Puts rows of several tensors into one; rows that are shorter than the longest are filled with 0. */
export function joinEmbeddings(rows: readonly { of: Vectors; row: number }[]): Vectors {
  if (rows.length === 0) return { data: new Float32Array(0), dims: [0, 0] };
  const sizes = rows.map(({ of }) => of.data.length / of.dims[0]!);
  const size = Math.max(...sizes);
  const longest = rows[sizes.indexOf(size)]!.of;
  const data = new (longest.data.constructor as Float32ArrayConstructor)(rows.length * size);
  for (const [index, { of, row }] of rows.entries()) {
    const own = sizes[index]!;
    data.set(of.data.subarray(row * own, (row + 1) * own), index * size);
  }
  return { data, dims: [rows.length, ...longest.dims.slice(1)] };
}
