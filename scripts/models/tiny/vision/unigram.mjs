// @ts-check

import { describeSpecialTokens } from '../../special-tokens.mjs';

/** What stands for the space before a word. */
const wordMark = '▁';
const characters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,;:!?\'"-()/&%$#@'.split('');

/** Logarithms of probabilities: a word is likelier than its letters. */
const wordScore = -4;
const characterScore = -8;

/** The first tokens of a vocabulary. */
const specialTokens = Object.freeze(['<s>', '<pad>', '</s>', '<unk>']);

/**
 * A tokenizer in the manner of SentencePiece (https://arxiv.org/abs/1804.10959): words that it knows are one token, others are
 * letters.
 *
 * @param {object} options
 * @param {string[]} options.words
 * @param {string[]} [options.markers] Tokens that stand in texts as they are.
 * @param {string[]} options.template What a text becomes: special tokens around `$A`.
 */
export function createUnigram({ words, markers = [], template }) {
  /** @type {[token: string, score: number][]} */
  const pieces = [
    ...specialTokens.map((token) => /** @type {[string, number]} */ ([token, 0])),
    ...words.map((word) => /** @type {[string, number]} */ ([wordMark + word, wordScore])),
    ...[wordMark, ...characters].map((character) => /** @type {[string, number]} */ ([character, characterScore])),
  ];
  const vocabulary = [...pieces.map(([token]) => token), ...markers];
  const idOf = (/** @type {string} */ token) => vocabulary.indexOf(token);
  const metaspace = { type: 'Metaspace', replacement: wordMark, add_prefix_space: true, prepend_scheme: 'always' };
  const single = template.map((piece) =>
    piece === '$A' ? { Sequence: { id: 'A', type_id: 0 } } : { SpecialToken: { id: piece, type_id: 0 } },
  );
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: describeSpecialTokens([...specialTokens, ...markers], vocabulary),
    normalizer: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, metaspace] },
    post_processor: {
      type: 'TemplateProcessing',
      single,
      pair: [...single, { Sequence: { id: 'B', type_id: 0 } }],
      special_tokens: Object.fromEntries(
        specialTokens.map((token) => [token, { id: token, ids: [idOf(token)], tokens: [token] }]),
      ),
    },
    decoder: metaspace,
    model: { type: 'Unigram', unk_id: idOf('<unk>'), vocab: pieces },
  };
  return { vocabulary, tokenizer };
}

/**
 * The content of its `tokenizer_config.json`.
 *
 * @param {string} tokenizerClass
 * @param {number} maximalLength Tokens of the longest text.
 */
export function createUnigramConfiguration(tokenizerClass, maximalLength) {
  return {
    bos_token: '<s>',
    eos_token: '</s>',
    model_max_length: maximalLength,
    pad_token: '<pad>',
    tokenizer_class: tokenizerClass,
    unk_token: '<unk>',
  };
}
