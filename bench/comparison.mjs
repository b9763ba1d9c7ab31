// @ts-check
import { ratioSpread, spread } from './statistics.mjs';

/**
 * @typedef {import('./statistics.mjs').Spread} Spread
 */

/**
 * A line of a table that sets insitu beside transformers.js.
 *
 * @template {string} Key
 * @typedef {object} Figure
 * @property {Key} key Of the samples' value.
 * @property {string} label
 * @property {'time' | 'pause' | 'bytes' | 'megabytes' | 'count'} unit Times are milliseconds, the others bytes or numbers.
 * @property {{ ratio: number } | { value: number }} [target] The most that our share of theirs, or our own value, should be.
 */

/**
 * What each library did in one pair.
 *
 * @template {string} Key
 * @typedef {object} Pair
 * @property {Record<Key, number>} insitu
 * @property {Record<Key, number>} transformers
 */

/**
 * @typedef {object} Outcome
 * @property {Figure<string>} figure
 * @property {Spread} insitu
 * @property {Spread} transformers
 * @property {Spread | undefined} ratio
 * @property {boolean | undefined} met `undefined` where there is no target.
 */

/**
 * @template {string} Key
 * @param {readonly Figure<Key>[]} figures
 * @param {readonly Pair<Key>[]} pairs
 * @returns {Outcome[]} One for each figure.
 */
export function judge(figures, pairs) {
  return figures.map((figure) => {
    const ours = pairs.map(({ insitu }) => insitu[figure.key]);
    const theirs = pairs.map(({ transformers }) => transformers[figure.key]);
    const outcome = { figure, insitu: spread(ours), transformers: spread(theirs), ratio: ratioSpread(ours, theirs) };
    return { ...outcome, met: isMet(figure, outcome.insitu, outcome.ratio) };
  });
}

/**
 * @param {Figure<string>} figure
 * @param {Spread} ours
 * @param {Spread | undefined} ratio
 */
function isMet({ target }, ours, ratio) {
  if (target === undefined) return undefined;
  if ('ratio' in target) return ratio !== undefined && ratio.median <= target.ratio;
  return ours.max <= target.value;
}

export const tableHeader = ['figure', 'insitu', 'transformers.js', 'ratio', 'target', 'met'];

/**
 * @param {Outcome} outcome
 * @returns {string[]} Cells below {@link tableHeader}.
 */
export function toCells({ figure, insitu, transformers, ratio, met }) {
  return [
    figure.label,
    formatSpread(insitu, formats[figure.unit]),
    formatSpread(transformers, formats[figure.unit]),
    ratio ? formatSpread(ratio, (value) => value.toFixed(2)) : '',
    figure.target ? `≤ ${'ratio' in figure.target ? figure.target.ratio.toFixed(2) : figure.target.value}` : '',
    met === undefined ? '' : met ? 'yes' : 'NO',
  ];
}

/** @type {Record<Figure<string>['unit'], (value: number) => string>} */
const formats = {
  time: (value) => `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`,
  // What is shorter is neither reported nor noticed.
  pause: (value) => (value < 50 ? '< 50 ms' : `${Math.round(value)} ms`),
  bytes: (value) => `${value.toLocaleString('en')} B`,
  megabytes: (value) => `${(value / 1e6).toFixed(1)} MB`,
  count: String,
};

/** @param {Spread} values @param {(value: number) => string} format */
function formatSpread({ median, min, max }, format) {
  const [middle, least, most] = [format(median), format(min), format(max)];
  // The unit stands once.
  const bare = (/** @type {string} */ text) => text.replace(/ (ms|B|MB)$/, '');
  return least === most ? middle : `${middle} [${bare(least)}–${bare(most)}]`;
}
