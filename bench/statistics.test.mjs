// @ts-check
import { describe, expect, test } from 'vitest';
import { median, ratioSpread, spread } from './statistics.mjs';

describe('median', () => {
  test('is the middle of an odd count, in whatever order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([7])).toBe(7);
  });

  test('is the mean of the two in the middle of an even count', () => {
    expect(median([10, 1, 3, 2])).toBe(2.5);
  });

  test('sorts by value, not by spelling', () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  test('leaves its argument alone', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test('refuses no values', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

test('spread gives median, least and greatest', () => {
  expect(spread([4, 1, 10])).toEqual({ median: 4, min: 1, max: 10 });
});

describe('ratioSpread', () => {
  test('divides within each pair before it takes the median', () => {
    // The second pair ran on a machine ten times slower: its ratio is as good as the others.
    expect(ratioSpread([1, 20, 3], [2, 40, 4])).toEqual({ median: 0.5, min: 0.5, max: 0.75 });
  });

  test('is undefined where a divisor is 0', () => {
    expect(ratioSpread([0, 1], [0, 2])).toBeUndefined();
    expect(ratioSpread([1], [0])).toBeUndefined();
  });

  test('refuses values that do not pair', () => {
    expect(() => ratioSpread([1, 2], [1])).toThrow('2 values do not pair with 1');
  });
});
