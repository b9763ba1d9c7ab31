import type { StoredModel } from 'insitu';
import { expect, it } from 'vitest';
import { describeEviction, evictFor, orderEviction } from './eviction-order.ts';

const model = (url: string, more: Partial<StoredModel> = {}): StoredModel => ({
  model: url,
  url,
  size: 10,
  files: [],
  pinned: false,
  inUse: false,
  ...more,
});
const urls = (models: readonly StoredModel[]) => models.map(({ url }) => url);

it('lets go first of what was not used for longest', () => {
  const { goes, stays } = orderEviction([
    model('new', { usedAt: 3 }),
    model('never'),
    model('old', { usedAt: 1 }),
    model('pinned', { usedAt: 2, pinned: true }),
    model('loaded', { inUse: true }),
  ]);
  expect(urls(goes)).toEqual(['never', 'old', 'new']);
  expect(urls(stays)).toEqual(['pinned', 'loaded']);
});

it('lets go of no more than is needed', () => {
  const goes = [model('a'), model('b'), model('c')];
  expect(evictFor(0, goes)).toEqual({ gone: [], short: 0 });
  expect(urls(evictFor(10, goes).gone)).toEqual(['a']);
  expect(urls(evictFor(11, goes).gone)).toEqual(['a', 'b']);
});

it('says what is missing when all of it is not enough', () => {
  expect(evictFor(35, [model('a'), model('b')])).toMatchObject({ short: 15 });
});

it('says it in a sentence', () => {
  const say = (missing: number, models: readonly StoredModel[]) =>
    describeEviction(missing, orderEviction(models), ({ url }) => url);
  const two = [model('a', { usedAt: 1, size: 2e6 }), model('b', { usedAt: 2, size: 2e6 })];
  expect(say(1e6, [])).toBe('Nothing is stored, so nothing can go.');
  expect(say(1e6, [model('a', { pinned: true })])).toBe('Nothing may go.');
  expect(say(0, two)).toBe('Nothing goes. The first would be a.');
  expect(say(1e6, two)).toBe('a would go, the rest stays.');
  expect(say(3e6, two)).toBe('a and b would go.');
  expect(say(5e6, two)).toBe('a and b would go, and 1.0 MB would be missing still: STORAGE_QUOTA.');
});
