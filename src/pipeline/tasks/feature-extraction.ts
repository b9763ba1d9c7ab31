import { oneOf } from '../../errors/check-options.ts';
import type { Embeddings, Pooling } from '../../protocol/task-map.ts';
import type { TensorData } from '../../runtime/runtime.ts';
import { runBuckets } from '../run-buckets.ts';
import type { TaskDefinition } from '../task-definition.ts';
import { textsOf } from '../text-input.ts';

/** Ways of pooling that read no padding; the others take the last token of a row, or all. */
const ignoringPadding: ReadonlySet<Pooling | undefined> = new Set<Pooling>(['mean', 'cls', 'first_token']);

/** Vectors of texts: one for each, or one for each token. */
export const featureExtraction: TaskDefinition<'feature-extraction'> = {
  files: ['config.json', 'tokenizer.json', 'tokenizer_config.json'],
  graphs: ['model'],
  options: {
    pooling: oneOf('none', 'mean', 'cls', 'first_token', 'eos', 'last_token'),
    normalize: oneOf(true, false),
  },
  async run(engine, input, options, { signal }) {
    const texts = textsOf(input);
    const results: { tensor: TensorData; row: number }[] = [];
    const take = (result: unknown, indices: readonly number[]) => {
      for (const [row, index] of indices.entries()) results[index] = { tensor: result as TensorData, row };
    };
    const padding = ignoringPadding.has(options.pooling) ? undefined : 0;
    await runBuckets(engine, texts, { ...options }, signal, take, padding);
    const value = gatherRows(results);
    return { value, transfer: [value.data.buffer] };
  },
};

/** Puts the rows of several tensors into one; rows that are shorter than the longest are filled with 0. */
function gatherRows(rows: readonly { tensor: TensorData; row: number }[]): Embeddings {
  if (rows.length === 0) return { data: new Float32Array(0), dims: [0, 0] };
  const sizes = rows.map(({ tensor }) => tensor.data.length / tensor.dims[0]!);
  const size = Math.max(...sizes);
  const longest = rows[sizes.indexOf(size)]!.tensor.dims;
  const data = new Float32Array(rows.length * size);
  for (const [index, { tensor, row }] of rows.entries()) {
    const own = sizes[index]!;
    data.set(tensor.data.subarray(row * own, (row + 1) * own), index * size);
  }
  return { data, dims: [rows.length, ...longest.slice(1)] };
}
