// @ts-check
import { BenchError } from './bench-error.mjs';

/** @typedef {'insitu' | 'transformers'} LibraryName */

/** Pairs below which the figures are noise. */
export const fewestForJudgement = 5;

/**
 * @param {unknown} option The value of `--pairs`.
 * @returns {number}
 * @throws {BenchError}
 */
export const readPairCount = (option) => readCount('pairs', option);

/**
 * @param {string} name Of the option.
 * @param {unknown} option Its value.
 * @returns {number}
 * @throws {BenchError}
 */
export function readCount(name, option) {
  const count = Number(option);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new BenchError(`--${name} is "${option}", not a whole number from 1 on.`);
}

/**
 * Measures both libraries once, in the order of ABBA: what drifts over the run, or is due to the one before, falls on both
 * alike.
 *
 * @template T
 * @param {number} pair Counted from 0.
 * @param {(library: LibraryName) => Promise<T>} measure
 * @returns {Promise<Record<LibraryName, T>>}
 */
export async function measurePair(pair, measure) {
  if (pair % 2 === 0) {
    const insitu = await measure('insitu');
    return { insitu, transformers: await measure('transformers') };
  }
  const transformers = await measure('transformers');
  return { insitu: await measure('insitu'), transformers };
}

/** @param {number} count */
export function describePairs(count) {
  return `${count} ${count === 1 ? 'pair' : 'pairs'}${count < fewestForJudgement ? ' (too few to judge by)' : ''}`;
}
