import type { LabelScore } from '../../protocol/task-map.ts';
import { runBuckets } from '../run-buckets.ts';
import type { TaskDefinition } from '../task-definition.ts';
import { textsOf } from '../text-input.ts';

/** Labels of texts with their probabilities. */
export const textClassification: TaskDefinition<'text-classification'> = {
  files: ['config.json', 'tokenizer.json', 'tokenizer_config.json'],
  graphs: ['model'],
  options: {
    topK: (value) =>
      value === null || (Number.isInteger(value) && Number(value) > 0)
        ? undefined
        : 'must be a positive whole number, or null for all',
  },
  async run(engine, input, { topK = 1 }, { step }) {
    const texts = textsOf(input);
    const labels: LabelScore[][] = [];
    await runBuckets(engine, texts, { top_k: topK }, step, (result, indices) => {
      for (const [row, index] of indices.entries()) {
        // With one label a text, transformers.js leaves out the inner arrays.
        const own = (result as (LabelScore | LabelScore[])[])[row]!;
        labels[index] = Array.isArray(own) ? own : [own];
      }
    });
    const value = typeof input === 'string' ? labels[0]! : topK === 1 ? labels.flat() : labels;
    return { value, transfer: [] };
  },
};
