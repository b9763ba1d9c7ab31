import { expect, it } from 'vitest';
import { mostPassages, splitDocument } from './split-document.ts';

it('joins wrapped lines and keeps paragraphs apart', () => {
  const { passages } = splitDocument('One goes\non here. Two.\n\nThree.');
  expect(passages.map(({ text }) => text)).toEqual(['One goes on here. Two.', 'Three.']);
});

it('says where sentences stand', () => {
  const { passages } = splitDocument('First one. Second one. Third one.');
  for (const { text, sentences } of passages) {
    for (const sentence of sentences) expect(text.slice(sentence.start, sentence.end)).toBe(sentence.text);
  }
  expect(passages[0]!.sentences).toHaveLength(3);
});

it('names passages by the heading above them', () => {
  const { passages } = splitDocument('Zero.\n# One\nText.\n\nA plain title\n\nMore.');
  expect(passages.map(({ section, text }) => [section, text])).toEqual([
    ['', 'Zero.'],
    ['One', 'Text.'],
    ['A plain title', 'More.'],
  ]);
});

it('cuts long paragraphs between sentences', () => {
  const sentence = `Begin ${'word '.repeat(28)}end.`;
  const { passages } = splitDocument(Array.from({ length: 5 }, () => sentence).join(' '));
  expect(passages.map(({ sentences }) => sentences.length)).toEqual([2, 2, 1]);
});

it('tells of passages beyond the most', () => {
  const { passages, total } = splitDocument('A sentence.\n\n'.repeat(mostPassages + 5));
  expect([passages.length, total]).toEqual([mostPassages, mostPassages + 5]);
});
