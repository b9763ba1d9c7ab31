// @ts-check
import { ratioSpread, spread } from '../statistics.mjs';

/**
 * @typedef {import('./measure-library.mjs').Sample} Sample
 * @typedef {import('../statistics.mjs').Spread} Spread
 *
 * @typedef {object} Pair
 * @property {Sample} insitu
 * @property {Sample} transformers
 *
 * @typedef {object} Figure
 * @property {keyof Sample} key
 * @property {string} label
 * @property {'time' | 'pause' | 'bytes' | 'count'} unit
 * @property {{ ratio: number } | { value: number }} [target] The most that our share of theirs, or our own value, should be.
 *
 * @typedef {object} Outcome
 * @property {Figure} figure
 * @property {Spread} insitu
 * @property {Spread} transformers
 * @property {Spread | undefined} ratio
 * @property {boolean | undefined} met `undefined` where there is no target.
 */

/** @type {Figure[]} */
const figures = [
  { key: 'firstVisit', label: 'first visit, page to first embedding', unit: 'time', target: { ratio: 0.65 } },
  { key: 'secondVisit', label: 'second visit, page to first embedding', unit: 'time', target: { ratio: 0.4 } },
  { key: 'libraryBytes', label: 'bytes besides the weights', unit: 'bytes', target: { ratio: 0.6 } },
  { key: 'batch', label: '64 mixed texts, one call', unit: 'time', target: { ratio: 0.45 } },
  { key: 'oneByOne', label: '64 mixed texts, one at a time', unit: 'time' },
  { key: 'single', label: 'one sentence of 17 tokens, warm', unit: 'time' },
  { key: 'pauseFirstVisit', label: 'longest pause of the page, first visit', unit: 'pause' },
  { key: 'pauseSecondVisit', label: 'longest pause of the page, second visit', unit: 'pause' },
  { key: 'pauseBatch', label: 'longest pause of the page, batch', unit: 'pause' },
  { key: 'taskFirstVisit', label: 'longest reported task, first visit', unit: 'pause' },
  { key: 'taskSecondVisit', label: 'longest reported task, second visit', unit: 'pause' },
  { key: 'taskBatch', label: 'longest reported task, batch', unit: 'pause' },
  { key: 'modelRequestsSecondVisit', label: 'model requests, second visit', unit: 'count', target: { value: 0 } },
];

/**
 * @param {readonly Pair[]} pairs
 * @returns {Outcome[]}
 */
export function judge(pairs) {
  return figures.map((figure) => {
    const ours = pairs.map(({ insitu }) => insitu[figure.key]);
    const theirs = pairs.map(({ transformers }) => transformers[figure.key]);
    const outcome = { figure, insitu: spread(ours), transformers: spread(theirs), ratio: ratioSpread(ours, theirs) };
    return { ...outcome, met: isMet(figure, outcome.insitu, outcome.ratio) };
  });
}

/**
 * @param {Figure} figure
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

/** @type {Record<Figure['unit'], (value: number) => string>} */
const formats = {
  time: (value) => `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`,
  // What is shorter is neither reported nor noticed.
  pause: (value) => (value < 50 ? '< 50 ms' : `${Math.round(value)} ms`),
  bytes: (value) => `${value.toLocaleString('en')} B`,
  count: String,
};

/** @param {Spread} values @param {(value: number) => string} format */
function formatSpread({ median, min, max }, format) {
  const [middle, least, most] = [format(median), format(min), format(max)];
  // The unit stands once.
  const bare = (/** @type {string} */ text) => text.replace(/ (ms|B)$/, '');
  return least === most ? middle : `${middle} [${bare(least)}–${bare(most)}]`;
}
