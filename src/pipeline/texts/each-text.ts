import type { Engine } from '../../runtime/runtime.ts';
import type { RunContext } from '../task-definition.ts';
import { type BucketOptions, runBuckets } from './run-buckets.ts';

/**
 * Runs a batch of texts bucket by bucket. Whoever reads piece by piece gets each text's result as soon as it is there.
 *
 * @param run Gives the results of one bucket, in its order; it also hears which of the texts these are.
 * @returns The result of each text, in their order.
 */
export async function eachText<Result>(
  engine: Pick<Engine, 'dynamicallyQuantised' | 'tokenLengths'>,
  texts: readonly string[],
  options: BucketOptions,
  context: RunContext,
  run: (bucket: string[], indices: readonly number[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  await runBuckets(engine, texts, options, context, run, (some, indices) => {
    for (const [row, index] of indices.entries()) {
      const value = some[row]!;
      results[index] = value;
      if (context.streaming) context.emit({ index, value });
    }
  });
  return results;
}
