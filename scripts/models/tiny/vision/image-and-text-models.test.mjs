// @ts-check
import { expect, test } from 'vitest';
import { openPipeline } from '../open-pipeline.mjs';
import { tinyDocumentQuestionAnswering } from './document-question-answering.mjs';
import { tinyImageToText } from './image-to-text.mjs';
import { images, scene } from './test-images.mjs';
import {
  tinyZeroShotImageClassification,
  tinyZeroShotImageClassificationSiglip,
} from './zero-shot-image-classification.mjs';
import { tinyZeroShotObjectDetection } from './zero-shot-object-detection.mjs';

/** @typedef {{ label: string, score: number }} Scored */

/** Known words, the same in another order, letters alone, and what has no letters. */
const texts = ['a red house', 'house a red', 'a blue house', 'zebra', '🦓'];

/**
 * @param {import('../tiny-model.mjs').TinyModel} model
 * @returns {Promise<Scored[][]>} For each image, in the order of the texts.
 */
async function compareTexts(model) {
  const run = await openPipeline(model);
  const results = [];
  for (const image of images) {
    const scores = /** @type {Scored[]} */ (await run(image.clone(), texts));
    results.push(scores.sort((a, b) => texts.indexOf(a.label) - texts.indexOf(b.label)));
  }
  await run.dispose();
  return results;
}

test.each([tinyZeroShotImageClassification, tinyZeroShotImageClassificationSiglip])(
  '$id tells texts apart',
  async (model) => {
    const results = await compareTexts(model);
    const scoresOf = (/** @type {number} */ text) => results.map((scores) => scores[text]?.score ?? Number.NaN);
    for (const text of texts.keys()) {
      for (const other of texts.keys()) {
        if (text === other) continue;
        const differences = scoresOf(text).map((score, image) => Math.abs(score - (scoresOf(other)[image] ?? 0)));
        expect(Math.max(...differences)).toBeGreaterThan(0.01);
      }
    }
  },
);

test('the texts of CLIP share the probability, those of SigLIP do not', async () => {
  const sum = (/** @type {Scored[][]} */ [scores = []]) => scores.reduce((total, { score }) => total + score, 0);
  expect(sum(await compareTexts(tinyZeroShotImageClassification))).toBeCloseTo(1, 5);
  expect(sum(await compareTexts(tinyZeroShotImageClassificationSiglip))).not.toBeCloseTo(1, 2);
});

test('CLIP gives the vector of an image alone', async () => {
  const run = await openPipeline(tinyZeroShotImageClassification, 'image-feature-extraction');
  const { data, dims } = /** @type {{ data: Float32Array, dims: number[] }} */ (await run(scene.clone()));
  expect(dims).toEqual([1, 16]);
  expect(Math.hypot(...data)).toBeCloseTo(1, 5);
  await run.dispose();
});

test('several texts are found in images, each in boxes of its own', async () => {
  const run = await openPipeline(tinyZeroShotObjectDetection);
  const found = [];
  for (const image of images) found.push(.../** @type {Scored[]} */ (await run(image.clone(), texts)));
  expect(new Set(found.map(({ label }) => label)).size).toBeGreaterThan(1);
  const boxes = found.map((detection) => JSON.stringify(detection));
  expect(new Set(boxes).size).toBe(boxes.length);
  await run.dispose();
});

test('images get sentences, of one form and not all the same', async () => {
  const run = await openPipeline(tinyImageToText);
  const sentences = [];
  for (const image of images) {
    const [caption] = /** @type {{ generated_text: string }[]} */ (await run(image.clone()));
    sentences.push(caption?.generated_text ?? '');
  }
  for (const sentence of sentences) expect(sentence).toMatch(/^(a|the|one|some) \w+ \w+ (on|under|near|behind) \w+$/);
  expect(new Set(sentences).size).toBeGreaterThan(1);
  await run.dispose();
});

test('answers depend on the document and on the question', async () => {
  const run = await openPipeline(tinyDocumentQuestionAnswering);
  const ask = async (
    /** @type {import('@huggingface/transformers').RawImage} */ image,
    /** @type {string} */ question,
  ) => {
    const [result] = /** @type {{ answer: string | null }[]} */ (await run(image.clone(), question));
    return result?.answer;
  };
  const byImage = [];
  for (const image of images) byImage.push(await ask(image, 'how many pages?'));
  const byQuestion = [];
  for (const question of ['how many pages?', 'who wrote it?', 'What is the total, in €?'])
    byQuestion.push(await ask(scene, question));
  for (const answer of [...byImage, ...byQuestion]) {
    expect(answer).toMatch(/^(about|exactly|before|after) \d+ (euros|pages|days|people)$/);
  }
  expect(new Set(byImage).size).toBeGreaterThan(1);
  expect(new Set(byQuestion).size).toBeGreaterThan(1);
  await run.dispose();
});
