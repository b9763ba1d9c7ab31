import { expect, it } from 'vitest';
import { countOf, formatBytes, formatDuration } from './format.ts';

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [487, '487 bytes'],
  [711_661, '712 kB'],
  [23_411_798, '23.4 MB'],
  [1_500_000_000, '1.5 GB'],
  [61_200_000_000, '61.2 GB'],
  [512_400_000_000, '512 GB'],
])('says %d bytes as %s', (bytes, words) => expect(formatBytes(bytes)).toBe(words));

it.each([
  [9.81, '9.8 ms'],
  [124.4, '124 ms'],
  [1240, '1.24 s'],
])('says %d milliseconds as %s', (milliseconds, words) => expect(formatDuration(milliseconds)).toBe(words));

it('counts in the singular and the plural', () => {
  expect([0, 1, 1200].map((count) => countOf(count, 'file'))).toEqual(['0 files', '1 file', '1,200 files']);
});
