import type { Engine } from '../../runtime/runtime.ts';
import { lengthBuckets } from './length-buckets.ts';
import type { RunContext } from '../task-definition.ts';

export interface BucketOptions {
  batchSize?: number | undefined;
  maxTokensPerBatch?: number | undefined;
  /** Most padding of a bucket, as a part of its tokens; 0 where the result would show it. @default 0.05 */
  padding?: number;
}

/**
 * Runs a batch of texts bucket by bucket.
 *
 * A dynamically quantised graph rounds all activations of a run by their common range, so each text's result would depend on
 * its neighbours (measured with all-MiniLM-L6-v2: a cosine of 0.975 to the same text alone). There every text is a bucket
 * of its own, which costs a fifth of the time that batching saves and gives the same result as a single call.
 *
 * @param run Runs one bucket.
 * @param take Receives the result of one bucket, and which texts of the batch it is for.
 */
export async function runBuckets<Result>(
  engine: Pick<Engine, 'dynamicallyQuantised' | 'tokenLengths'>,
  texts: readonly string[],
  { batchSize = 32, maxTokensPerBatch = 4096, padding = 0.05 }: BucketOptions,
  { keptUp, progress }: Pick<RunContext, 'keptUp' | 'progress'>,
  run: (bucket: string[], indices: readonly number[]) => Promise<Result>,
  take: (result: Result, indices: readonly number[]) => void,
): Promise<void> {
  const alone = engine.dynamicallyQuantised || texts.length <= 1;
  const buckets = alone
    ? texts.map((_, index) => [index])
    : lengthBuckets(engine.tokenLengths(texts), { items: batchSize, tokens: maxTokensPerBatch, padding });
  let done = 0;
  for (const indices of buckets) {
    await keptUp();
    take(
      await run(
        indices.map((index) => texts[index]!),
        indices,
      ),
      indices,
    );
    done += indices.length;
    progress(done, texts.length);
  }
}
