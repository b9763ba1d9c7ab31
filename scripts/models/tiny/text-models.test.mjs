// @ts-check
import { expect, test } from 'vitest';
import { tinyFeatureExtraction } from './feature-extraction.mjs';
import { openPipeline } from './open-pipeline.mjs';
import { tinyTextClassification } from './text-classification.mjs';

test('a vector for each token, which depends on all tokens and their order', async () => {
  const extract = await openPipeline(tinyFeatureExtraction);
  const embed = async (/** @type {string} */ text) => {
    const output = await extract(text, { pooling: 'mean', normalize: true });
    return [.../** @type {{ data: Float32Array }} */ (output).data];
  };
  const texts = ['the river is long', 'the long river is', 'the river is long.', 'a red house'];
  const vectors = await Promise.all(texts.map(embed));
  for (const [index, vector] of vectors.entries()) {
    expect(vector).toHaveLength(16);
    for (const other of vectors.slice(index + 1)) {
      expect(Math.max(...vector.map((value, at) => Math.abs(value - (other[at] ?? 0))))).toBeGreaterThan(0.01);
    }
  }
  await extract.dispose();
});

test('texts get different labels', async () => {
  const classify = await openPipeline(tinyTextClassification);
  const texts = ['a great film', 'a bad film', 'I hate the food', 'people love music', 'no'];
  const results = /** @type {{ label: string, score: number }[]} */ (await classify(texts));
  expect(new Set(results.map(({ label }) => label)).size).toBe(3);
  await classify.dispose();
});
