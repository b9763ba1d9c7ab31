import { expect, it } from 'vitest';
import { layOutStorage } from './storage-layout.ts';

const model = (url: string, size: number) => ({ url, size });
const sum = (layout: ReturnType<typeof layOutStorage>) =>
  layout.segments.reduce((total, { share }) => total + share, 0);

it('is all free where nothing is stored', () => {
  const layout = layOutStorage([], { used: 0, quota: 1000 });
  expect(layout).toMatchObject({ segments: [{ kind: 'free', share: 1, bytes: 1000 }], broken: false, behind: false });
});

it('is true to scale where that can be seen', () => {
  const layout = layOutStorage([model('a', 300), model('b', 200)], { used: 600, quota: 1000 });
  expect(layout.segments.map(({ kind, share }) => [kind, Number(share.toFixed(6))])).toEqual([
    ['model', 0.3],
    ['model', 0.2],
    ['other', 0.1],
    ['free', 0.4],
  ]);
  expect(layout).toMatchObject({ broken: false, other: 100, free: 400 });
});

it('cuts the free space short where the rest would vanish beside it', () => {
  const layout = layOutStorage([model('a', 30e6), model('b', 10e6)], { used: 40e6, quota: 60e9 });
  expect(layout.broken).toBe(true);
  expect(layout.segments[0]!.share / layout.segments[1]!.share).toBeCloseTo(3);
  expect(layout.segments.at(-1)).toMatchObject({ kind: 'free', bytes: 60e9 - 40e6 });
  expect(sum(layout)).toBeCloseTo(1);
});

it('keeps thin segments wide enough to see', () => {
  const layout = layOutStorage([model('a', 1e9), model('b', 1)], { used: 1e9 + 2, quota: 60e9 });
  expect(Math.min(...layout.segments.map(({ share }) => share))).toBeGreaterThanOrEqual(0.02);
  expect(sum(layout)).toBeCloseTo(1);
});

it('believes what it knows more than an estimate that lags behind', () => {
  const layout = layOutStorage([model('a', 100)], { used: 40, quota: 1000 });
  expect(layout).toMatchObject({ other: 0, free: 900, behind: true });
});

it('does not cut the free space short for the sake of what is no model', () => {
  const layout = layOutStorage([], { used: 70_000, quota: 60e9 });
  expect(layout.broken).toBe(false);
  expect(layout.segments.map(({ kind, share }) => [kind, share])).toEqual([
    ['other', 0.02],
    ['free', 0.98],
  ]);
});

it('takes an estimate for right that is about right', () => {
  expect(layOutStorage([model('a', 100)], { used: 97, quota: 1000 }).behind).toBe(false);
});

it('does without a quota', () => {
  const layout = layOutStorage([model('a', 100)], {});
  expect(layout).toEqual({
    segments: [{ kind: 'model', url: 'a', bytes: 100, share: 1 }],
    other: 0,
    broken: false,
    behind: false,
  });
});

it('leaves out models that have no bytes yet', () => {
  expect(layOutStorage([model('a', 0)], { used: 0, quota: 10 }).segments).toHaveLength(1);
});

it('is full when it is full', () => {
  const layout = layOutStorage([model('a', 100)], { used: 120, quota: 100 });
  expect(layout.segments.map(({ kind }) => kind)).toEqual(['model', 'other']);
  expect(layout.free).toBe(0);
});
