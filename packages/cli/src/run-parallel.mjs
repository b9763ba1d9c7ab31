// @ts-check

/**
 * Works on several items at a time. The first failure stops the others and is thrown.
 *
 * @template Item, Result
 * @param {Item[]} items
 * @param {number} limit How many at a time.
 * @param {(item: Item, signal: AbortSignal) => Promise<Result>} work
 * @param {AbortSignal} [outerSignal]
 * @returns {Promise<Result[]>} In the order of the items.
 */
export async function runParallel(items, limit, work, outerSignal) {
  const failed = new AbortController();
  const signal = outerSignal ? AbortSignal.any([outerSignal, failed.signal]) : failed.signal;
  /** @type {Result[]} */
  const results = Array.from({ length: items.length });
  const queue = items.entries();

  const runQueue = async () => {
    for (const [index, item] of queue) {
      if (signal.aborted) return;
      results[index] = await work(item, signal);
    }
  };
  const runs = Array.from({ length: Math.min(limit, items.length) }, () =>
    runQueue().catch((error) => {
      failed.abort(error);
      throw error;
    }),
  );
  // Nothing may go on writing after this has thrown.
  await Promise.allSettled(runs);
  outerSignal?.throwIfAborted();
  failed.signal.throwIfAborted();
  return results;
}
