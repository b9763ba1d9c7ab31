import { expect, it } from 'vitest';
import { sharedWords } from './shared-words.ts';

it('finds content words in common, whatever their case', () => {
  expect(sharedWords('The Moon and the sea', 'A sea under the moon')).toEqual(['moon', 'sea']);
});

it('does not count small words or parts of words', () => {
  expect(sharedWords('the way of the tide', 'the end of tides')).toEqual([]);
});
