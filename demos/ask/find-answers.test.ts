import { expect, it } from 'vitest';
import { findAnswers } from './find-answers.ts';
import { splitDocument } from './split-document.ts';

const { passages } = splitDocument('Bread is good. The moon pulls the sea.\n\nBees dance. Honey is sweet.');
const likes = (word: string) => (text: string) => (text.includes(word) ? 1 / text.length : 0);

it('finds the passage, and the sentence in it', () => {
  const [best] = findAnswers(passages, likes('moon'), 2);
  expect(best).toMatchObject({ passage: 0 });
  expect(passages[0]!.text.slice(best!.start, best!.end)).toBe('The moon pulls the sea.');
  expect(findAnswers(passages, likes('Honey'), 2).map(({ passage }) => passage)).toEqual([1, 0]);
});

it('gives no more than asked for', () => {
  expect(findAnswers(passages, likes('e'), 1)).toHaveLength(1);
});
