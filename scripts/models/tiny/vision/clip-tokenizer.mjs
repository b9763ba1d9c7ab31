// @ts-check
import { learnMerges } from '../learn-merges.mjs';
import { describeSpecialTokens } from '../../special-tokens.mjs';

/** The tokenizer of the models of the CLIP family: it knows no case, and marks the ends of words. */

const endOfWord = '</w>';
const startToken = '<|startoftext|>';
const endToken = '<|endoftext|>';

const characters = 'abcdefghijklmnopqrstuvwxyz0123456789.,;:!?\'"-()/&%$#@'.split('');
const words =
  'a an the this that is are photo picture image of with and on in at no not one two many some small large old new red green ' +
  'blue black white yellow cat dog bird horse fish animal person woman man child astronaut face hand cup coffee tea food plate ' +
  'table rocket car plane train machine page text book paper letter house tree sky sea night day';

const merges = learnMerges(words.split(' ').map(splitWord));

const vocabulary = Object.freeze([
  ...new Set([
    ...characters,
    ...characters.map((character) => character + endOfWord),
    ...merges.map((pair) => pair.join('')),
    startToken,
    endToken,
  ]),
]);

export const clipVocabularySize = vocabulary.length;

/** The content of `tokenizer.json`. */
export const clipTokenizer = Object.freeze({
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: describeSpecialTokens([startToken, endToken], vocabulary),
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'NFC' },
      { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
      { type: 'Lowercase' },
    ],
  },
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      {
        type: 'Split',
        pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
        behavior: 'Removed',
        invert: true,
      },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    ],
  },
  post_processor: {
    type: 'RobertaProcessing',
    sep: [endToken, vocabulary.indexOf(endToken)],
    cls: [startToken, vocabulary.indexOf(startToken)],
    trim_offsets: false,
    add_prefix_space: false,
  },
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: endToken,
    continuing_subword_prefix: '',
    end_of_word_suffix: endOfWord,
    fuse_unk: false,
    vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    merges: merges.map((pair) => pair.join(' ')),
  },
});

/** The content of `tokenizer_config.json`. */
export const clipTokenizerConfiguration = Object.freeze({
  bos_token: startToken,
  do_lower_case: true,
  eos_token: endToken,
  model_max_length: 77,
  pad_token: endToken,
  tokenizer_class: 'CLIPTokenizer',
  unk_token: endToken,
});

/** @param {string} word */
function splitWord(word) {
  const symbols = word.split('');
  return [...symbols.slice(0, -1), symbols.at(-1) + endOfWord];
}
