import { afterEach, describe, expect, it, vi } from 'vitest';
import { splitSentences } from './sentences.ts';

afterEach(() => vi.unstubAllGlobals());

describe.each([
  ['with Intl.Segmenter', false],
  ['without it', true],
])('splitSentences %s', (_, withoutSegmenter) => {
  const split = (text: string) => {
    if (withoutSegmenter) vi.stubGlobal('Intl', { ...Intl, Segmenter: undefined });
    return splitSentences(text);
  };

  it('splits at stops and trims', () => {
    expect(split('  One. Two!  Three? ').map(({ text }) => text)).toEqual(['One.', 'Two!', 'Three?']);
  });

  it('says where each sentence stands', () => {
    const text = '\n First one.\nSecond here? “Third.” Last';
    for (const sentence of split(text)) expect(text.slice(sentence.start, sentence.end)).toBe(sentence.text);
    expect(split(text)).toHaveLength(4);
  });

  it('ends a sentence at a line break', () => {
    expect(split('A title\r\nA sentence without a stop').map(({ text }) => text)).toEqual([
      'A title',
      'A sentence without a stop',
    ]);
  });

  it('does not cut decimals', () => {
    expect(split('It rose 3.5 points. Then it fell.').map(({ text }) => text)).toEqual([
      'It rose 3.5 points.',
      'Then it fell.',
    ]);
  });

  it('leaves out what has no word', () => {
    expect(split('--- \n ... \n *')).toEqual([]);
    expect(split('')).toEqual([]);
  });
});
