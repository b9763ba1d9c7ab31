// @ts-check
import { PreTrainedTokenizer } from '@huggingface/transformers';
import { expect, test } from 'vitest';
import { createBytePairs } from './byte-pairs.mjs';

const { vocabulary, tokenizer } = createBytePairs({ specialTokens: ['<s>', '</s>'], template: ['<s>', '$A'] });
const opened = new PreTrainedTokenizer(tokenizer, { tokenizer_class: 'PreTrainedTokenizer', bos_token: '<s>' });

test('every token is there once', () => {
  expect(new Set(vocabulary).size).toBe(vocabulary.length);
});

test.each(['hello world', 'e\u0301 é', '👩‍👩‍👧 🏳️‍🌈', '日本語\n\t"x"', '\u0000\u007f\u00ad', '  two  spaces '])(
  '%j comes back',
  (text) => {
    const ids = opened.encode(text);
    expect(ids[0]).toBe(0);
    expect(opened.decode(ids, { skip_special_tokens: true })).toBe(text);
  },
);

test('words are one token, characters outside of ASCII are several', () => {
  expect(opened.tokenize(' people')).toHaveLength(1);
  expect(opened.tokenize('🚀').length).toBeGreaterThan(1);
  expect(opened.tokenize('日').length).toBeGreaterThan(1);
});
