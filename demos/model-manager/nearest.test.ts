import { expect, it } from 'vitest';
import { rankTexts } from './nearest.ts';

it('ranks texts by the cosine of their vectors to that of the question', () => {
  const known = Float32Array.of(0, 1, 1, 0, 0.6, 0.8);
  const hits = rankTexts(Float32Array.of(1, 0), known, ['across', 'same', 'between']);
  expect(hits.map(({ text }) => text)).toEqual(['same', 'between', 'across']);
  expect(hits.map(({ score }) => Number(score.toFixed(6)))).toEqual([1, 0.6, 0]);
});
