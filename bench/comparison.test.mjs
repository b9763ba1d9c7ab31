// @ts-check
import { expect, test } from 'vitest';
import { judge, tableHeader, toCells } from './comparison.mjs';

/** @type {import('./comparison.mjs').Figure<'visit' | 'pause' | 'requests' | 'bytes' | 'memory'>[]} */
const figures = [
  { key: 'visit', label: 'visit', unit: 'time', target: { ratio: 0.65 } },
  { key: 'pause', label: 'pause', unit: 'pause' },
  { key: 'requests', label: 'requests', unit: 'count', target: { value: 0 } },
  { key: 'bytes', label: 'bytes', unit: 'bytes' },
  { key: 'memory', label: 'memory', unit: 'megabytes', target: { ratio: 0.5 } },
];

/** @typedef {(typeof figures)[number]['key']} Key */

/** @param {Partial<Record<Key, number>>} values @returns {Record<Key, number>} */
const sample = (values) => ({ visit: 10.04, pause: 0, requests: 0, bytes: 14_793_149, memory: 23_400_000, ...values });

const pairs = [
  { insitu: sample({ visit: 600 }), transformers: sample({ visit: 1000, pause: 1500 }) },
  { insitu: sample({ visit: 2000 }), transformers: sample({ visit: 4000, pause: 1700 }) },
  { insitu: sample({ visit: 700 }), transformers: sample({ visit: 1000, pause: 1600 }) },
];

/** @param {Key} key @param {typeof pairs} [of] */
function row(key, of = pairs) {
  const outcome = judge(figures, of).find(({ figure }) => figure.key === key);
  if (!outcome) throw new Error(`no figure "${key}"`);
  return toCells(outcome);
}

test('a row has median, least and greatest of both, the ratio of the pairs, and the verdict', () => {
  expect(row('visit')).toEqual([
    'visit',
    '700 ms [600–2000]',
    '1000 ms [1000–4000]',
    '0.60 [0.50–0.70]',
    '≤ 0.65',
    'yes',
  ]);
});

test('a target that is missed is said loudly', () => {
  expect(row('memory').slice(-2)).toEqual(['≤ 0.50', 'NO']);
});

test('the verdict on a count looks at the worst pair', () => {
  const worse = [{ insitu: sample({ requests: 1 }), transformers: sample({}) }, ...pairs.slice(1)];
  expect(row('requests').at(-1)).toBe('yes');
  expect(row('requests', worse).at(-1)).toBe('NO');
});

test('no pause is shown as less than what counts as one, and a share of nothing is left out', () => {
  expect(row('pause').slice(1)).toEqual(['< 50 ms', '1600 ms [1500–1700]', '0.00', '', '']);
  expect(row('requests')[3]).toBe('');
});

test('bytes are written out, megabytes are rounded, small times keep a decimal', () => {
  expect(row('bytes')[1]).toBe('14,793,149 B');
  expect(row('memory', [...pairs, { insitu: sample({ memory: 500e6 }), transformers: sample({}) }])[1]).toBe(
    '23.4 MB [23.4–500.0]',
  );
  expect(row('visit', [{ insitu: sample({}), transformers: sample({}) }])[1]).toBe('10.0 ms');
});

test('every row fills the table', () => {
  for (const outcome of judge(figures, pairs)) expect(toCells(outcome)).toHaveLength(tableHeader.length);
});
