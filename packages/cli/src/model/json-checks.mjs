// @ts-check
import { ExplainedError } from '../explained-error.mjs';

/** @typedef {{ pattern: RegExp, wanted: string }} TextRule */

export const sha256Rule = { pattern: /^[\da-f]{64}$/, wanted: '64 lower-case hexadecimal digits' };

/**
 * @template Item
 * @param {unknown} value
 * @param {string} where
 * @param {(item: unknown, where: string) => Item} parseItem
 * @returns {Item[]}
 */
export function parseList(value, where, parseItem) {
  if (!Array.isArray(value) || value.length === 0)
    throw new ExplainedError(`${where} must be a list that is not empty.`);
  return value.map((item, index) => parseItem(item, `${where}[${index}]`));
}

/**
 * @param {unknown} value
 * @param {string} where
 * @param {string[]} [allowed] In a file that is written by hand any other key is most likely a misspelt one.
 * @returns {Record<string, unknown>}
 */
export function parseObject(value, where, allowed) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ExplainedError(`${where} must be an object.`);
  }
  const unknown = allowed ? Object.keys(value).filter((key) => !allowed.includes(key)) : [];
  if (allowed && unknown.length > 0) {
    throw new ExplainedError(`${where} has unknown keys: ${unknown.join(', ')}. There are ${allowed.join(', ')}.`);
  }
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @param {unknown} value
 * @param {string} where
 * @param {TextRule} rule
 * @returns {string}
 */
export function parseText(value, where, { pattern, wanted }) {
  if (typeof value !== 'string' || !pattern.test(value)) {
    throw new ExplainedError(`${where} must be ${wanted}, not ${JSON.stringify(value)}.`);
  }
  return value;
}

/**
 * @param {unknown} value
 * @param {string} where
 * @param {number} least
 * @returns {number}
 */
export function parseByteCount(value, where, least) {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) {
    throw new ExplainedError(`${where} must be a number of bytes, not ${JSON.stringify(value)}.`);
  }
  return value;
}

/**
 * @param {string[]} values
 * @param {string} where
 */
export function rejectRepeated(values, where) {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) throw new ExplainedError(`${where} has ${repeated} more than once.`);
}
