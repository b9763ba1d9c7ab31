// @ts-check
import { AutoModelForSequenceClassification, AutoTokenizer } from '@huggingface/transformers';
import { expect, test } from 'vitest';
import { tinyFeatureExtraction } from './feature-extraction.mjs';
import { tinyFillMask } from './fill-mask.mjs';
import { openPipeline } from './open-pipeline.mjs';
import { tinyQuestionAnswering } from './question-answering.mjs';
import { tinyReranker } from './reranker.mjs';
import { tinyTextClassification } from './text-classification.mjs';
import { tinyTokenClassification } from './token-classification.mjs';
import { tinyZeroShotClassification } from './zero-shot-classification.mjs';

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

test('words get labels of several kinds, and pieces of words form entities', async () => {
  const label = await openPipeline(tinyTokenClassification);
  const text = 'Ali Smith works at Tokyo Engineering, Berlin';
  const tokens = /** @type {{ entity: string, word: string }[]} */ (await label(text, { ignore_labels: [] }));
  const groups = /** @type {unknown[]} */ (await label(text, { aggregation_strategy: 'simple' }));
  const entities = tokens.filter(({ entity }) => entity !== 'O');
  expect(tokens.map(({ word }) => word)).toContain('##yo');
  expect(new Set(tokens.map(({ entity }) => entity)).size).toBeGreaterThan(3);
  expect(entities.length).toBeLessThan(tokens.length);
  expect(groups.length).toBeLessThan(entities.length);
  await label.dispose();
});

test('an answer depends on the question and on the context', async () => {
  const ask = await openPipeline(tinyQuestionAnswering);
  const contexts = [
    'Sarah lives in London. She works on a river boat, and her house is green.',
    'Ali came to Tokyo in 1999 and wrote a book about the sea.',
  ];
  const questions = ['Where does Sarah live?', 'Who wrote a book?'];
  const answers = new Set();
  for (const context of contexts) {
    for (const question of questions) {
      const { answer } = /** @type {{ answer: string }} */ (await ask(question, context));
      answers.add(answer);
    }
  }
  expect(answers.size).toBe(4);
  await ask.dispose();
});

test('which label fits best depends on the text', async () => {
  const classify = await openPipeline(tinyZeroShotClassification);
  const labels = ['politics', 'sport', 'food'];
  const texts = ['a great film', 'I hate the food', 'no', 'the book is on the table', 'hello world', 'It rains'];
  const results = /** @type {{ labels: string[] }[]} */ (await classify(texts, labels));
  expect(new Set(results.map((result) => result.labels[0])).size).toBe(3);
  await classify.dispose();
});

test('a masked word depends on the words around it', async () => {
  const fill = await openPipeline(tinyFillMask);
  const texts = ['The river is [MASK].', 'A [MASK] river', 'I love [MASK] films', '[MASK] films I love'];
  const results = /** @type {{ token_str: string }[][]} */ (await fill(texts, { top_k: 1 }));
  expect(new Set(results.map(([best]) => best?.token_str)).size).toBe(texts.length);
  await fill.dispose();
});

test('a rank depends on both texts', async () => {
  await openPipeline(tinyReranker);
  const options = { dtype: /** @type {const} */ ('fp32') };
  const tokenizer = await AutoTokenizer.from_pretrained(tinyReranker.id);
  const model = await AutoModelForSequenceClassification.from_pretrained(tinyReranker.id, options);
  const documents = ['the river is in the city', 'people love food', 'music and sport', 'long day'];
  const rank = async (/** @type {string} */ query) => {
    const inputs = tokenizer(
      documents.map(() => query),
      { text_pair: documents, padding: true },
    );
    const { logits } = await model(inputs);
    expect(logits.dims).toEqual([documents.length, 1]);
    const scores = [...logits.data];
    return [...documents].sort((a, b) => scores[documents.indexOf(b)] - scores[documents.indexOf(a)]);
  };
  expect(await rank('where is the river')).not.toEqual(await rank('who loves food'));
  await model.dispose();
});
