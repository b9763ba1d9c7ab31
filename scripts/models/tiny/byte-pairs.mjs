// @ts-check
import { learnMerges } from './learn-merges.mjs';
import { describeSpecialTokens } from '../special-tokens.mjs';

/**
 * A byte-level BPE tokenizer (https://arxiv.org/abs/1508.07909, on bytes as in GPT-2) with a small vocabulary of its own. It
 * encodes every text: an emoji is several tokens, none of which is a character.
 *
 * @typedef {object} BytePairs
 * @property {readonly string[]} vocabulary The place of a token is its id: special tokens, bytes, merged ones.
 * @property {object} tokenizer The content of `tokenizer.json`.
 */

/** What the merges are learned from. Emojis of several blocks make their common first bytes one token, and no more. */
const corpus = `
the river runs to the sea and the old city stands on its banks. people come here to work, to read and to rest.
there was a small house near the water where a woman lived with her children and a red dog. she told them stories.
once upon a time there was a king who had three sons, and the youngest one liked to write long letters to his friends.
what is the capital of the country? where does the train go? how many words are there in this sentence? who wrote it?
a model that runs in the page needs no server. it reads the text, counts the tokens and answers what comes next.
good morning, hello world! this is a great day, thank you. I do not know if it will rain in the evening or not.
Das Haus steht in der Stadt und der Fluss ist lang. La maison est dans la ville et la rivière est longue. Où est-elle?
😀 🎉 🚀 👍 🌍 🔥 💡 🧠
`;
const mergeCount = 160;

/** In GPT-2's tokenizer, bytes that have no visible character of their own stand in for the code points from here on. */
const firstStandIn = 256;

/** The character that stands for a byte in tokens. */
const byteCharacters = (() => {
  const isVisible = (/** @type {number} */ byte) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let standIn = firstStandIn;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isVisible(byte) ? byte : standIn++));
})();

/**
 * The tokens of a vocabulary spell a text with these characters.
 *
 * @param {string} text
 */
export function spellBytes(text) {
  return Array.from(Buffer.from(text), (byte) => byteCharacters[byte]).join('');
}

/** @type {readonly (readonly [string, string])[]} */
const merges = learnMerges(
  (corpus.match(/ ?[\p{L}\p{M}]+| ?[^\s\p{L}]+/gu) ?? []).map((word) => spellBytes(word).split('')),
  mergeCount,
);

/**
 * @param {object} options
 * @param {string[]} options.specialTokens They come first.
 * @param {string[]} options.template What a text becomes: special tokens around `$A`.
 * @returns {BytePairs}
 */
export function createBytePairs({ specialTokens, template }) {
  const vocabulary = [...specialTokens, ...byteCharacters, ...merges.map((pair) => pair.join(''))];
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const pieces = template.map((piece) =>
    piece === '$A' ? { Sequence: { id: 'A', type_id: 0 } } : { SpecialToken: { id: piece, type_id: 0 } },
  );
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: describeSpecialTokens(specialTokens),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: {
      type: 'TemplateProcessing',
      single: pieces,
      pair: [...pieces, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: Object.fromEntries(
        specialTokens.map((token, id) => [token, { id: token, ids: [id], tokens: [token] }]),
      ),
    },
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges: merges.map((pair) => pair.join(' ')),
    },
  };
  return { vocabulary, tokenizer };
}
