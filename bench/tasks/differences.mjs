// @ts-check
import { BenchError } from '../bench-error.mjs';

/**
 * How far two sides are apart in their results.
 *
 * @typedef {object} Difference
 * @property {string} what
 * @property {number} largest `NaN` or `null`, which it becomes on its way from the page, where they cannot be compared.
 * @property {number} most That it may be.
 */

/**
 * A bench of wrong results is worth nothing.
 *
 * @param {readonly Difference[]} differences
 * @returns {Difference[]} The same.
 * @throws {BenchError} when one is too large.
 */
export function checkDifferences(differences) {
  // Written so that NaN fails too.
  const wrong = differences.filter(({ largest, most }) => !(largest !== null && largest <= most));
  if (wrong.length === 0) return [...differences];
  const list = wrong.map(({ what, largest, most }) => `${what}: ${largest}, more than ${most}`);
  throw new BenchError(`The results are wrong, so the times mean nothing. ${list.join('; ')}.`);
}
