export interface BucketLimits {
  /** Most items in one bucket. */
  items: number;
  /** Most tokens in one bucket, padding included. An item that is longer has a bucket of its own. */
  tokens: number;
  /** Most padding, as a part of a bucket's tokens, 0..1. */
  padding: number;
}

/**
 * Splits a batch so that texts of about the same length run together: the model computes padding as if it were text, so a
 * mixed batch padded to its longest member costs two to three times its worth.
 *
 * @param lengths Tokens of each item.
 * @returns Indices into `lengths`, bucket by bucket, longest items first (so that memory grows once).
 */
export function lengthBuckets(lengths: readonly number[], limits: BucketLimits): number[][] {
  const order = lengths
    .map((length, index) => ({ length, index }))
    .sort((a, b) => b.length - a.length || a.index - b.index);
  const buckets: number[][] = [];
  let longest = 0;
  let tokens = 0;
  for (const { length, index } of order) {
    const bucket = buckets.at(-1);
    const padded = ((bucket?.length ?? 0) + 1) * longest;
    const fits =
      bucket !== undefined &&
      bucket.length < limits.items &&
      padded <= limits.tokens &&
      padded - tokens - length <= limits.padding * padded;
    if (fits) {
      bucket.push(index);
      tokens += length;
    } else {
      buckets.push([index]);
      longest = length;
      tokens = length;
    }
  }
  return buckets;
}
