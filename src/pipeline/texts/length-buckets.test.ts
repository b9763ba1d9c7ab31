import { describe, expect, it } from 'vitest';
import { type BucketLimits, lengthBuckets } from './length-buckets.ts';

/** Mulberry32: the same numbers in every run, so that a failure can be repeated. */
function createRandom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const roomy: BucketLimits = { items: 32, tokens: 4096, padding: 0.05 };

describe('lengthBuckets', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))('keeps its promises for the random batch %i', (seed) => {
    const random = createRandom(seed);
    const upTo = (most: number) => 1 + Math.floor(random() * most);
    const longestText = upTo(600);
    const lengths = Array.from({ length: upTo(300) }, () => upTo(longestText));
    const limits: BucketLimits = { items: upTo(40), tokens: upTo(5000), padding: random() * 0.5 };
    const buckets = lengthBuckets(lengths, limits);

    expect(buckets.flat().sort((a, b) => a - b)).toEqual([...lengths.keys()]);
    let cost = 0;
    let before = Infinity;
    for (const bucket of buckets) {
      const own = bucket.map((index) => lengths[index]!);
      const padded = Math.max(...own) * own.length;
      expect(own.length).toBeLessThanOrEqual(limits.items);
      if (own.length > 1) {
        expect(padded).toBeLessThanOrEqual(limits.tokens);
        expect(padded - sum(own)).toBeLessThanOrEqual(limits.padding * padded);
      }
      expect(Math.max(...own), 'longest first').toBeLessThanOrEqual(before);
      before = Math.min(...own);
      cost += padded;
    }
    expect(cost).toBeLessThanOrEqual(Math.max(...lengths) * lengths.length);
  });

  it('gives the same buckets for the same lengths, and equal lengths in their order', () => {
    expect(lengthBuckets([5, 5, 5, 5], { ...roomy, items: 3 })).toEqual([[0, 1, 2], [3]]);
  });

  it('fills a bucket to the brim: limits are what is allowed, not what is too much', () => {
    expect(lengthBuckets([10, 10, 10], { items: 3, tokens: 30, padding: 0 })).toEqual([[0, 1, 2]]);
    expect(lengthBuckets([10, 10, 10], { items: 3, tokens: 29, padding: 0 })).toEqual([[0, 1], [2]]);
    expect(lengthBuckets([10, 8], { items: 9, tokens: 99, padding: 0.1 })).toEqual([[0, 1]]);
    expect(lengthBuckets([10, 7], { items: 9, tokens: 99, padding: 0.1 })).toEqual([[0], [1]]);
  });

  it('does not waste half of a mixed batch', () => {
    const lengths = Array.from({ length: 64 }, (_, index) => (index % 2 ? 12 : 240));
    const cost = sum(
      lengthBuckets(lengths, roomy).map(
        (bucket) => bucket.length * Math.max(...bucket.map((index) => lengths[index]!)),
      ),
    );
    expect(cost).toBe(sum(lengths));
  });

  it('gives an item beyond the limit a bucket of its own', () => {
    expect(lengthBuckets([10, 9000, 10], roomy)).toEqual([[1], [0, 2]]);
  });

  it('takes an empty batch and texts without tokens', () => {
    expect(lengthBuckets([], roomy)).toEqual([]);
    expect(lengthBuckets([0, 0, 3], roomy)).toEqual([[2], [0, 1]]);
  });
});
