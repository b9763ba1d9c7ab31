// @ts-check
import { expect, test } from 'vitest';
import { judge, tableHeader, toCells } from './figures.mjs';

/**
 * @param {Partial<import('./figures.mjs').Sample>} values
 * @returns {import('./figures.mjs').Sample}
 */
function sample(values) {
  return {
    firstVisit: 1000,
    secondVisit: 500,
    libraryBytes: 14_793_149,
    batch: 600,
    oneByOne: 600,
    single: 10.04,
    pauseFirstVisit: 0,
    pauseSecondVisit: 0,
    pauseBatch: 0,
    taskFirstVisit: 0,
    taskSecondVisit: 0,
    taskBatch: 0,
    modelRequestsSecondVisit: 0,
    ...values,
  };
}

const pairs = [
  { insitu: sample({ firstVisit: 600 }), transformers: sample({ firstVisit: 1000, pauseBatch: 1500 }) },
  { insitu: sample({ firstVisit: 2000 }), transformers: sample({ firstVisit: 4000, pauseBatch: 1700 }) },
  { insitu: sample({ firstVisit: 700 }), transformers: sample({ firstVisit: 1000, pauseBatch: 1600 }) },
];

/** @param {string} label @param {readonly import('./figures.mjs').Pair[]} [of] */
function row(label, of = pairs) {
  const outcome = judge(of).find(({ figure }) => figure.label === label);
  if (!outcome) throw new Error(`no figure "${label}"`);
  return toCells(outcome);
}

test('a row has median, least and greatest of both, the ratio of the pairs, and the verdict', () => {
  expect(row('first visit, page to first embedding')).toEqual([
    'first visit, page to first embedding',
    '700 ms [600–2000]',
    '1000 ms [1000–4000]',
    '0.60 [0.50–0.70]',
    '≤ 0.65',
    'yes',
  ]);
});

test('a target that is missed is said loudly', () => {
  expect(row('second visit, page to first embedding').slice(-2)).toEqual(['≤ 0.40', 'NO']);
});

test('the verdict on a count looks at the worst pair', () => {
  const worse = [{ insitu: sample({ modelRequestsSecondVisit: 1 }), transformers: sample({}) }, ...pairs.slice(1)];
  expect(row('model requests, second visit').at(-1)).toBe('yes');
  expect(row('model requests, second visit', worse).at(-1)).toBe('NO');
});

test('no pause is shown as less than what counts as one, and a share of nothing is left out', () => {
  expect(row('longest pause of the page, batch').slice(1)).toEqual(['< 50 ms', '1600 ms [1500–1700]', '0.00', '', '']);
  expect(row('longest pause of the page, first visit')[3]).toBe('');
});

test('bytes are written out, small times keep a decimal', () => {
  expect(row('bytes besides the weights')[1]).toBe('14,793,149 B');
  expect(row('one sentence of 17 tokens, warm')[1]).toBe('10.0 ms');
});

test('every row fills the table', () => {
  for (const outcome of judge(pairs)) expect(toCells(outcome)).toHaveLength(tableHeader.length);
});
