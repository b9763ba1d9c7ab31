import { oneOf } from '../../errors/check-options.ts';
import { joinEmbeddings } from '../../protocol/join-embeddings.ts';
import type { Pooling } from '../../protocol/task-map.ts';
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
  async run(engine, input, options, { step }) {
    const texts = textsOf(input);
    const rows: { of: TensorData; row: number }[] = [];
    const take = (result: unknown, indices: readonly number[]) => {
      for (const [row, index] of indices.entries()) rows[index] = { of: result as TensorData, row };
    };
    const padding = ignoringPadding.has(options.pooling) ? undefined : 0;
    await runBuckets(engine, texts, { ...options }, step, take, padding);
    const value = joinEmbeddings(rows);
    return { value, transfer: [value.data.buffer] };
  },
};
