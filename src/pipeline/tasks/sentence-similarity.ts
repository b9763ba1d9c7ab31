import { InsituError } from '../../errors/insitu-error.ts';
import { describe, oneOf } from '../../errors/check-options.ts';
import type { Embeddings, SentenceSimilarityOptions } from '../../protocol/tasks/text-tasks.ts';
import { engineTask } from '../engine-task.ts';
import { anyOf, gives, givesLogits } from '../files/model-fit.ts';
import { batchChecks } from '../option-checks.ts';
import { runBuckets } from '../texts/run-buckets.ts';
import { textsOf } from '../inputs/text-input.ts';

/** How alike a text and others are. */
export const sentenceSimilarity = engineTask({
  name: 'feature-extraction',
  takes: 'text',
  options: { pooling: oneOf('mean', 'cls', 'first_token', 'eos', 'last_token'), ...batchChecks },
  fits: anyOf(gives('last_hidden_state'), gives('token_embeddings'), givesLogits('MaskedLM')),
  async run(engine, [source, others], options: SentenceSimilarityOptions, context) {
    if (typeof source !== 'string') {
      throw new InsituError('INPUT_INVALID', `The first text is ${describe(source)}.`, {
        hint: 'Pass one text, then an array of those that it is compared with.',
      });
    }
    const embed = async (texts: readonly string[]) =>
      (await engine.run([texts], { pooling: options.pooling ?? 'mean', normalize: true }, context)) as Embeddings;
    const own = (await embed([source])).data;
    const similarities: number[] = [];
    await runBuckets(engine, textsOf(others, 'list of texts'), options, context, embed, ({ data }, indices) => {
      for (const [row, index] of indices.entries()) {
        const start = row * own.length;
        const value = own.reduce((sum, number, place) => sum + number * data[start + place]!, 0);
        similarities[index] = value;
        if (context.streaming) context.emit({ index, value });
      }
    });
    return similarities;
  },
});
