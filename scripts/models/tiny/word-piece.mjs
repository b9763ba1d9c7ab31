// @ts-check
import { createWordPieceConfiguration, createWordPieceTokenizer, specialTokens } from '../word-piece.mjs';

/** The tokenizer of the tiny models of the BERT family: common words are one token, names and long words are several. */

const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');
const digits = '0123456789'.split('');
const marks = '.,;:!?\'"-()/&%$#@'.split('');
const words =
  'the and of to in is it you that was for on are with as be at one have this from by not what all were when we there can ' +
  'an your which their if do will how about many then them these so some her would make like him into time has look two more ' +
  'go see no way could people my than first been call who its now find long day did get come made may part new old good bad ' +
  'great love hate film movie book food sport science politics music city river house water work live lives name where hello ' +
  'world text model word sentence page worker run fast slow red green blue small large happy sad example capital question answer';
const beginnings = 'sar lon ber par ali tok smi joh mar eng wes nor sou com pro con dis under over';
const endings = 'ed ing er est ly ah don lin is ce yo th hn ia land tern ment tion able ful ness ton ville berg';

const vocabulary = Object.freeze([
  ...specialTokens,
  ...words.split(' '),
  ...beginnings.split(' '),
  ...[...letters, ...digits, ...marks],
  ...[...letters, ...digits, ...endings.split(' ')].map((piece) => `##${piece}`),
]);

export const vocabularySize = vocabulary.length;

/** The content of `tokenizer.json`. */
export const tokenizer = createWordPieceTokenizer(vocabulary);

/** The content of `tokenizer_config.json`. */
export const tokenizerConfiguration = createWordPieceConfiguration(128);
