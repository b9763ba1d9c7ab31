// @ts-check
import { expect, test } from 'vitest';
import { tokenId, tokenizer, vocabulary } from './stunts-vocabulary.mjs';

test('every token is there once, and its place is its id', () => {
  expect(new Set(vocabulary).size).toBe(vocabulary.length);
  expect(vocabulary.map((token) => tokenizer.model.vocab[token])).toEqual([...vocabulary.keys()]);
  expect(() => tokenId('absent')).toThrow('no absent');
});

test('letters and digits spell any word, and no continuation is a stunt', () => {
  for (const character of 'abcdefghijklmnopqrstuvwxyz0123456789') {
    expect(vocabulary).toEqual(expect.arrayContaining([character, `##${character}`]));
  }
  expect(vocabulary.filter((token) => /##(slow|brief|huge)/.test(token))).toEqual([]);
});
