// @ts-check
import { expect, test } from 'vitest';
import { formatTable } from './table.mjs';

test('columns are as wide as their widest cell, numbers stand to the right', () => {
  const table = formatTable(
    ['figure', 'ours', 'theirs'],
    [
      ['first visit', '9 ms', '1200 ms'],
      ['bytes', '123456', '7'],
    ],
  );
  expect(table.split('\n')).toEqual([
    'figure         ours   theirs',
    '-----------  ------  -------',
    'first visit    9 ms  1200 ms',
    'bytes        123456        7',
  ]);
});

test('no line ends in blanks', () => {
  const lines = formatTable(['figure', 'met'], [['bytes', '']]).split('\n');
  expect(lines).toEqual(['figure  met', '------  ---', 'bytes']);
});

test('a row of another length is refused', () => {
  expect(() => formatTable(['a', 'b'], [['1']])).toThrow('A row has 1 cells, not 2.');
});
