import type { LabelScore, TextClassificationOptions } from '../../protocol/tasks/text-tasks.ts';
import { engineTask } from '../engine-task.ts';
import { givesLabels } from '../model-fit.ts';
import { batchChecks, positiveWholeOrAll } from '../option-checks.ts';
import { runBuckets } from '../run-buckets.ts';
import { textsOf } from '../text-input.ts';

/** Labels of texts with their probabilities. */
export const textClassification = engineTask({
  name: 'text-classification',
  takes: 'text',
  options: { topK: positiveWholeOrAll, ...batchChecks },
  fits: givesLabels,
  async run(engine, [input], options: TextClassificationOptions, context) {
    const { topK = 1 } = options;
    const labels: LabelScore[][] = [];
    await runBuckets(
      engine,
      textsOf(input),
      options,
      context,
      async (bucket) => (await engine.run([bucket], { top_k: topK }, context)) as (LabelScore | LabelScore[])[],
      (result, indices) => {
        for (const [row, index] of indices.entries()) {
          // With one label a text, transformers.js leaves out the inner arrays.
          const own = [result[row]!].flat();
          labels[index] = own;
          if (context.streaming) context.emit({ index, value: own });
        }
      },
    );
    if (typeof input === 'string') return labels[0];
    return topK === 1 ? labels.flat() : labels;
  },
});
