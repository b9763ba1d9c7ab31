// @ts-check

/**
 * @typedef {object} Spread
 * @property {number} median
 * @property {number} min
 * @property {number} max
 */

/**
 * @param {readonly number[]} values
 * @returns {number} Of an even count, the mean of the two in the middle.
 */
export function median(values) {
  if (values.length === 0) throw new RangeError('No values have no median.');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = /** @type {number} */ (sorted[Math.floor(middle)]);
  return Number.isInteger(middle) ? (/** @type {number} */ (sorted[middle - 1]) + upper) / 2 : upper;
}

/**
 * @param {readonly number[]} values
 * @returns {Spread}
 */
export function spread(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * What one side took of the other's, pair by pair. The two of a pair ran next to each other, so a slow minute of the machine
 * hits both and leaves their ratio alone; a ratio of two medians would not have that.
 *
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs Of the same pairs, in the same order.
 * @returns {Spread | undefined} `undefined` where a divisor is 0.
 */
export function ratioSpread(ours, theirs) {
  if (ours.length !== theirs.length) throw new RangeError(`${ours.length} values do not pair with ${theirs.length}.`);
  const ratios = ours.map((value, pair) => value / /** @type {number} */ (theirs[pair]));
  return ratios.every(Number.isFinite) ? spread(ratios) : undefined;
}
