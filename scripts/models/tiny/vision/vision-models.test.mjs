// @ts-check
import { expect, test } from 'vitest';
import { openPipeline } from '../open-pipeline.mjs';
import { tinyBackgroundRemoval } from './background-removal.mjs';
import { tinyDepthEstimation } from './depth-estimation.mjs';
import { tinyImageClassification } from './image-classification.mjs';
import { tinyImageFeatureExtraction } from './image-feature-extraction.mjs';
import { tinyImageSegmentation } from './image-segmentation.mjs';
import { tinyImageToImage } from './image-to-image.mjs';
import { tinyObjectDetection } from './object-detection.mjs';
import { tinyPanopticSegmentation } from './panoptic-segmentation.mjs';
import { height, images, scene, width } from './test-images.mjs';
import { visionModels } from './vision-models.mjs';

/** @typedef {import('@huggingface/transformers').RawImage} RawImage */

/**
 * Every number of a result, whatever its form.
 *
 * @param {unknown} value
 * @returns {number[]}
 */
function numbersOf(value) {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (ArrayBuffer.isView(value)) return [.../** @type {Float32Array} */ (value)];
  if ('dims' in value && 'data' in value) return numbersOf(value.data);
  return Object.values(value).flatMap(numbersOf);
}

const writers = ['image-to-text', 'document-question-answering'];
const modelsWithNumbers = visionModels.filter(({ task }) => !writers.includes(task));

test.each(modelsWithNumbers)('$id answers the same for the same image, and otherwise for another', async (model) => {
  const run = await openPipeline(model);
  const texts = model.task.startsWith('zero-shot') ? [['a cat', 'a red house', 'the sky']] : [];
  const results = [];
  for (const image of images) results.push(await run(image.clone(), ...texts));
  expect(await run(scene.clone(), ...texts)).toEqual(results[0]);
  for (const [index, result] of results.entries()) {
    const numbers = numbersOf(result);
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers.every(Number.isFinite)).toBe(true);
    for (const other of results.slice(index + 1)) {
      const others = numbersOf(other);
      const differs =
        others.length !== numbers.length || numbers.some((number, at) => Math.abs(number - (others[at] ?? 0)) > 0.001);
      expect(differs).toBe(true);
    }
  }
  await run.dispose();
});

/**
 * What a model answers for every image.
 *
 * @param {import('../tiny-model.mjs').TinyModel} model
 * @param {object} [options]
 */
async function answers(model, options) {
  const run = await openPipeline(model);
  const results = [];
  for (const image of images) results.push(await run(image.clone(), options));
  await run.dispose();
  return results;
}

test('images are of several classes', async () => {
  const results = /** @type {{ label: string, score: number }[][]} */ (await answers(tinyImageClassification));
  for (const scores of results) expect(scores.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
  expect(new Set(results.map(([first]) => first?.label)).size).toBeGreaterThan(1);
});

test('detections have boxes; some are above the usual threshold, and some below', async () => {
  const results = /** @type {{ score: number, box: Record<'xmin' | 'ymin' | 'xmax' | 'ymax', number> }[][]} */ (
    await answers(tinyObjectDetection)
  );
  expect(results.flat().length).toBeGreaterThan(images.length);
  for (const { score, box } of results.flat()) {
    expect(score).toBeGreaterThan(0.9);
    expect(box.xmin).toBeLessThan(box.xmax);
    expect(box.ymin).toBeLessThan(box.ymax);
  }
  expect((await answers(tinyObjectDetection, { threshold: 0 })).flat().length).toBeGreaterThan(results.flat().length);
});

test.each([tinyImageSegmentation, tinyPanopticSegmentation])('$id divides an image', async (model) => {
  const results = /** @type {{ label: string, mask: RawImage }[][]} */ (await answers(model));
  expect(Math.max(...results.map((segments) => segments.length))).toBeGreaterThan(1);
  const masks = results.flat().map(({ mask }) => mask);
  for (const mask of masks) expect([mask.width, mask.height, mask.channels]).toEqual([width, height, 1]);
  const [segments = []] = results;
  const covered = Array.from({ length: width * height }, (_, pixel) =>
    segments.reduce((sum, { mask }) => sum + (mask.data[pixel] ?? 0), 0),
  );
  expect(Math.max(...covered)).toBe(255);
});

test('the background of an image becomes transparent, its pixels stay', async () => {
  const [cut] = /** @type {RawImage[]} */ (await answers(tinyBackgroundRemoval));
  expect(cut?.channels).toBe(4);
  const alpha = cut?.data.filter((_, index) => index % 4 === 3) ?? [];
  expect(Math.min(...alpha)).toBeLessThan(64);
  expect(Math.max(...alpha)).toBeGreaterThan(192);
  expect(cut?.data.filter((_, index) => index % 4 !== 3)).toEqual(scene.data);
});

test('depth has a value for each pixel, near and far', async () => {
  const [result] = /** @type {{ predicted_depth: { dims: number[] }, depth: RawImage }[]} */ (
    await answers(tinyDepthEstimation)
  );
  expect(result?.predicted_depth.dims).toEqual([height, width]);
  expect(new Set(result?.depth.data).size).toBeGreaterThan(32);
});

test('an image is made twice as large, its sides first filled up to multiples of 8', async () => {
  const [large] = /** @type {RawImage[]} */ (await answers(tinyImageToImage));
  expect([large?.width, large?.height, large?.channels]).toEqual([192, 128, 3]);
});

test('features are of the whole image, its pieces, or the pool', async () => {
  const [hidden] = /** @type {{ dims: number[] }[]} */ (await answers(tinyImageFeatureExtraction));
  expect(hidden?.dims).toEqual([1, 17, 16]);
  const [pooled] = /** @type {{ dims: number[] }[]} */ (await answers(tinyImageFeatureExtraction, { pool: true }));
  expect(pooled?.dims).toEqual([1, 16]);
});
