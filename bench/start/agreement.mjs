// @ts-check
import { BenchError } from '../bench-error.mjs';

/**
 * @typedef {object} Vectors What a library answered.
 * @property {number[]} sentence
 * @property {number[][]} oneByOne Of the batch's texts, each in a call of its own.
 * @property {number[][]} batch Of the same texts in one call.
 *
 * @typedef {object} Agreement Largest cosine distances.
 * @property {number} sentence Between the libraries.
 * @property {number} oneByOne Between the libraries.
 * @property {number} ourBatch Between a text in the batch and the same text alone, in insitu.
 * @property {number} theirBatch The same in transformers.js.
 */

/** Both run the same graph with the same weights. */
const sameModel = 1e-4;

/**
 * The texts of a batch share the scale of their quantised activations, so a text comes out a little differently in company;
 * a row in the wrong place would be far off.
 */
const sameText = 0.1;

/**
 * @param {readonly number[]} a
 * @param {readonly number[]} b
 * @returns {number} 0 for the same direction; `NaN` for vectors of other lengths or without direction.
 */
export function cosineDistance(a, b) {
  if (a.length !== b.length) return NaN;
  const dot = (/** @type {readonly number[]} */ x, /** @type {readonly number[]} */ y) =>
    x.reduce((sum, value, index) => sum + value * Number(y[index]), 0);
  return 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** @param {readonly number[][]} a @param {readonly number[][]} b */
function largestDistance(a, b) {
  return a.length === b.length ? Math.max(...a.map((row, index) => cosineDistance(row, b[index] ?? []))) : NaN;
}

/**
 * A bench of wrong results is worth nothing.
 *
 * @param {Vectors} ours
 * @param {Vectors} theirs
 * @returns {Agreement}
 * @throws {BenchError} when the libraries disagree, or one of them with itself.
 */
export function checkAgreement(ours, theirs) {
  const agreement = {
    sentence: cosineDistance(ours.sentence, theirs.sentence),
    oneByOne: largestDistance(ours.oneByOne, theirs.oneByOne),
    ourBatch: largestDistance(ours.batch, ours.oneByOne),
    theirBatch: largestDistance(theirs.batch, theirs.oneByOne),
  };
  // Written so that NaN fails too.
  const wrong = [
    ...(agreement.sentence < sameModel ? [] : ['the embedding of the one sentence']),
    ...(agreement.oneByOne < sameModel ? [] : ['the embeddings of the texts one at a time']),
    ...(agreement.ourBatch < sameText ? [] : ["insitu's batch"]),
    ...(agreement.theirBatch < sameText ? [] : ["transformers.js's batch"]),
  ];
  if (wrong.length === 0) return agreement;
  throw new BenchError(
    `The results are wrong, so the times mean nothing. Off: ${wrong.join(', ')}. ${JSON.stringify(agreement)}`,
  );
}
