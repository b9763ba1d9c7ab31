import { expect, it } from 'vitest';
import { createCallRows } from './call-rows.ts';

it('takes the lowest row that is free', () => {
  const rows = createCallRows(3);
  expect([rows.take(0), rows.take(1), rows.take(2)]).toEqual([0, 1, 2]);
  rows.release(1, 5);
  rows.release(0, 6);
  expect(rows.take(5)).toBe(1);
  expect(rows.take(6)).toBe(0);
});

it('leaves room between two spans of a row', () => {
  const rows = createCallRows(2, 10);
  rows.release(rows.take(0), 5);
  expect(rows.take(14)).toBe(1);
  rows.release(1, 15);
  expect(rows.take(15)).toBe(0);
});

it('covers what is free for longest when no row has room, and the first when all are taken', () => {
  const rows = createCallRows(2, 100);
  rows.release(rows.take(0), 20);
  rows.release(rows.take(0), 10);
  expect(rows.take(30)).toBe(1);
  expect(rows.take(30)).toBe(0);
  expect(rows.take(30)).toBe(0);
});
