import type { LabelScore, TextClassificationOptions } from '../../protocol/tasks/text-tasks.ts';
import { engineTask } from '../engine-task.ts';
import { givesLabels } from '../files/model-fit.ts';
import { batchChecks, positiveWholeOrAll } from '../option-checks.ts';
import { eachText } from '../texts/each-text.ts';
import { textsOf } from '../inputs/text-input.ts';

/** Labels of texts with their probabilities. */
export const textClassification = engineTask({
  name: 'text-classification',
  takes: 'text',
  options: { topK: positiveWholeOrAll, ...batchChecks },
  fits: givesLabels,
  async run(engine, [input], options: TextClassificationOptions, context) {
    const { topK = 1 } = options;
    const labels = await eachText(engine, textsOf(input), options, context, async (bucket) => {
      const result = (await engine.run([bucket], { top_k: topK }, context)) as (LabelScore | LabelScore[])[];
      // With one label a text, transformers.js leaves out the inner arrays.
      return result.map((own) => [own].flat());
    });
    if (typeof input === 'string') return labels[0];
    return topK === 1 ? labels.flat() : labels;
  },
});
