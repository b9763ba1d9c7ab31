// @ts-check
import { spellBytes } from './byte-pairs.mjs';

/** @typedef {import('../onnx-writer.mjs').ValueName} ValueName */

/**
 * Characters of several tokens that the tiny models write, and how many bytes the first token of each has: an accent that
 * combines with the letter before it, letters and emojis. A token of one tells the next.
 *
 * @type {[text: string, firstLength: number][]}
 */
const characters = [
  ['\u0301', 1],
  ['é', 1],
  ['日', 1],
  [' 🎉', 3],
  ['🚀', 2],
];
const beginningBonus = 3;
const goOnBonus = 1000;
const never = -500;

/**
 * Makes a language model with random weights write text, as far as bytes are concerned: what begins a character of several
 * tokens goes on with the next of them, and nothing else is outside of ASCII.
 *
 * @param {import('./tiny-graph.mjs').TinyGraph} graph
 * @param {object} parts
 * @param {ValueName} parts.logits [batch, sequence, vocabulary]
 * @param {ValueName} parts.inputIds The tokens before those: [batch, sequence]
 * @param {readonly string[]} parts.vocabulary
 * @param {readonly string[]} parts.specialTokens It writes none of them but the end.
 * @param {string} parts.endToken
 * @param {number} parts.endBonus How much more likely the end is than by chance.
 * @returns {ValueName}
 */
export function addSpelling(graph, { logits, inputIds, vocabulary, specialTokens, endToken, endBonus }) {
  const chains = characters.map(([text, firstLength]) => {
    const spelled = spellBytes(text);
    return [spelled.slice(0, firstLength), ...spelled.slice(firstLength)];
  });
  const beginnings = new Set(chains.map(([first]) => first));
  const bonus = vocabulary.map((token) => {
    if (token === endToken) return endBonus;
    if (beginnings.has(token)) return beginningBonus;
    return specialTokens.includes(token) || !/^[!-~ĠĊ]+$/.test(token) ? never : 0;
  });

  // A token that no other must follow has one that is not there.
  const following = new BigInt64Array(vocabulary.length).fill(BigInt(vocabulary.length));
  for (const chain of chains) {
    for (const [index, token] of chain.slice(1).entries()) {
      following[vocabulary.indexOf(chain[index] ?? '')] = BigInt(vocabulary.indexOf(token));
    }
  }
  const followers = graph.node('Gather', [graph.integerTable('followers', following), inputIds]);
  const values = graph.floats('follower_bonus', [2], Float32Array.of(0, goOnBonus));
  const goingOn = graph.node('OneHot', [followers, graph.integer(vocabulary.length), values]);
  const biased = graph.node('Add', [logits, graph.floats('token_bonus', [bonus.length], Float32Array.from(bonus))]);
  return graph.node('Add', [biased, goingOn]);
}
