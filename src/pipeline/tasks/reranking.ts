import { InsituError } from '../../errors/insitu-error.ts';
import { describe } from '../../errors/check-options.ts';
import type { RankedDocument, RerankingOptions } from '../../protocol/tasks/text-tasks.ts';
import { engineTask } from '../engine-task.ts';
import { givesLogits } from '../files/model-fit.ts';
import { batchChecks, positiveWholeOrAll } from '../option-checks.ts';
import { runBuckets } from '../texts/run-buckets.ts';
import { textsOf } from '../inputs/text-input.ts';

/** Orders documents by how well they fit a query, with a model that reads both together (a cross-encoder). */
export const reranking = engineTask({
  name: 'text-classification',
  takes: 'text',
  options: { topK: positiveWholeOrAll, ...batchChecks },
  fits: givesLogits('SequenceClassification'),
  async run(engine, [query, given], options: RerankingOptions, context) {
    if (typeof query !== 'string') {
      throw new InsituError('INPUT_INVALID', `The query is ${describe(query)}, not text.`, {
        hint: 'Pass the query first, then an array of documents.',
      });
    }
    const documents = textsOf(given, 'list of documents');
    const ranked: RankedDocument[] = [];
    await runBuckets(
      engine,
      documents,
      options,
      context,
      async (bucket) =>
        (
          await engine.forward(
            bucket.map(() => query),
            bucket,
            context,
          )
        )['logits']!,
      ({ data, dims }, indices) => {
        const labels = dims.at(-1)!;
        if (labels !== 1) {
          throw new InsituError(
            'MODEL_UNSUPPORTED',
            `The model gives ${labels} numbers for a pair of texts, not one.`,
            {
              hint: 'Reranking needs a cross-encoder with one label, such as Xenova/ms-marco-MiniLM-L-6-v2.',
            },
          );
        }
        for (const [row, index] of indices.entries()) {
          const score = 1 / (1 + Math.exp(-data[row]!));
          ranked.push({ index, score, document: documents[index]! });
          if (context.streaming) context.emit({ index, value: score });
        }
      },
    );
    ranked.sort((a, b) => b.score - a.score || a.index - b.index);
    return ranked.slice(0, options.topK ?? ranked.length);
  },
});
