// @ts-check
import { expect, test } from 'vitest';
import { anonymousBytes, familyOf, parentOf } from './process-memory.mjs';

test('the memory of a process is what no file backs', () => {
  const status =
    'Name:\tchromium\nVmRSS:\t  900 kB\nRssAnon:\t     200 kB\nRssFile:\t     690 kB\nRssShmem:\t      10 kB\n';
  expect(anonymousBytes(status)).toBe(210 * 1024);
});

test('a process that has ended has none', () => {
  expect(anonymousBytes('')).toBe(0);
  expect(anonymousBytes('Name:\tchromium\nState:\tZ (zombie)\n')).toBe(0);
});

test('the parent is found behind every name', () => {
  expect(parentOf('42 (chromium) S 7 42 42 0 -1')).toBe(7);
  expect(parentOf('42 (a) R 9 (b) S 7 42 42 0 -1')).toBe(7);
  expect(parentOf('')).toBe(0);
});

test('a family is the root and everything below it, not its siblings', () => {
  const parents = new Map([
    [1, 0],
    [10, 1],
    [11, 10],
    [12, 11],
    [13, 10],
    [20, 1],
    [21, 20],
  ]);
  expect(familyOf(10, parents)).toEqual([10, 11, 13, 12]);
  expect(familyOf(21, parents)).toEqual([21]);
});
