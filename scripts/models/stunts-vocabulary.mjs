// @ts-check

/**
 * The words of the model `insitu/stunts`. Letters and digits, also as the continuation of a word, spell what is not among
 * them, so that different texts stay different.
 */

const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
const digits = '0123456789'.split('');
const marks = '.,;:!?\'"-()/'.split('');
const plainWords =
  'hello world the and of to in is it you that was for on are with as be at one have this from by not what all were when ' +
  'we there can an your which their if do will how text model word sentence page worker run time day good new first';

const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];

/** The place of a token is its id. */
export const vocabulary = Object.freeze([
  ...specialTokens,
  'slow',
  'brief',
  'huge',
  ...plainWords.split(' '),
  ...[...letters, ...digits, ...marks],
  ...[...letters, ...digits].map((character) => `##${character}`),
]);

/**
 * @param {string} token
 * @returns {number}
 */
export function tokenId(token) {
  const id = vocabulary.indexOf(token);
  if (id === -1) throw new Error(`The vocabulary of the model has no ${token}.`);
  return id;
}

/** The content of `tokenizer.json`. */
export const tokenizer = Object.freeze({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: specialTokens.map((content) => ({
    id: tokenId(content),
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
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
      ['[CLS]', '[SEP]'].map((token) => [token, { id: token, ids: [tokenId(token)], tokens: [token] }]),
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
});

/** The content of `tokenizer_config.json`. */
export const tokenizerConfiguration = Object.freeze({
  clean_up_tokenization_spaces: true,
  cls_token: '[CLS]',
  do_lower_case: true,
  mask_token: '[MASK]',
  model_max_length: 512,
  pad_token: '[PAD]',
  sep_token: '[SEP]',
  strip_accents: null,
  tokenize_chinese_chars: true,
  tokenizer_class: 'BertTokenizer',
  unk_token: '[UNK]',
});

/** @type {(id: string, type: number) => object} */
function specialPiece(id, type) {
  return { SpecialToken: { id, type_id: type } };
}

/** @type {(id: string, type: number) => object} */
function sequencePiece(id, type) {
  return { Sequence: { id, type_id: type } };
}
