// @ts-check
import { expect, test } from 'vitest';
import { describePairs, measurePair, readPairCount } from './pairs.mjs';

test('which library is first changes with every pair', async () => {
  /** @type {string[]} */
  const order = [];
  for (const pair of [0, 1]) {
    const measured = await measurePair(pair, async (library) => `${order.push(library)} ${library}`);
    expect(measured.insitu).toMatch(/insitu$/);
    expect(measured.transformers).toMatch(/transformers$/);
  }
  expect(order).toEqual(['insitu', 'transformers', 'transformers', 'insitu']);
});

test('a count of pairs is a whole number from 1 on', () => {
  expect(readPairCount('3')).toBe(3);
  for (const wrong of ['0', '1.5', '-1', 'many', undefined]) expect(() => readPairCount(wrong)).toThrow('--pairs');
});

test('few pairs are called too few', () => {
  expect(describePairs(1)).toBe('1 pair (too few to judge by)');
  expect(describePairs(5)).toBe('5 pairs');
});
