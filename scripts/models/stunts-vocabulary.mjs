// @ts-check
import { createWordPieceConfiguration, createWordPieceTokenizer, specialTokens } from './word-piece.mjs';

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
export const tokenizer = Object.freeze(createWordPieceTokenizer(vocabulary));

/** The content of `tokenizer_config.json`. */
export const tokenizerConfiguration = Object.freeze(createWordPieceConfiguration(512));
