// @ts-check

import { describeSpecialTokens } from './special-tokens.mjs';

/** The first tokens of a vocabulary of BERT. */
export const specialTokens = Object.freeze(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']);

/**
 * The content of `tokenizer.json` of a BERT that knows no case.
 *
 * @param {readonly string[]} vocabulary The place of a token is its id; the special tokens come first.
 */
export function createWordPieceTokenizer(vocabulary) {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: describeSpecialTokens(specialTokens),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [specialPiece('[CLS]', 0), sequencePiece('A', 0), specialPiece('[SEP]', 0)],
      pair: [
        specialPiece('[CLS]', 0),
        sequencePiece('A', 0),
        specialPiece('[SEP]', 0),
        sequencePiece('B', 1),
        specialPiece('[SEP]', 1),
      ],
      special_tokens: Object.fromEntries(
        ['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [specialTokens.indexOf(token)], tokens: [token] }]),
      ),
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    },
  };
}

/**
 * The content of its `tokenizer_config.json`.
 *
 * @param {number} maximalLength Tokens of the longest text.
 */
export function createWordPieceConfiguration(maximalLength) {
  return {
    clean_up_tokenization_spaces: true,
    cls_token: '[CLS]',
    do_lower_case: true,
    mask_token: '[MASK]',
    model_max_length: maximalLength,
    pad_token: '[PAD]',
    sep_token: '[SEP]',
    strip_accents: null,
    tokenize_chinese_chars: true,
    tokenizer_class: 'BertTokenizer',
    unk_token: '[UNK]',
  };
}

/** @type {(id: string, type: number) => object} */
function specialPiece(id, type) {
  return { SpecialToken: { id, type_id: type } };
}

/** @type {(id: string, type: number) => object} */
function sequencePiece(id, type) {
  return { Sequence: { id, type_id: type } };
}
