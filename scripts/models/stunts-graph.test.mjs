// @ts-check
import * as ort from 'onnxruntime-web/wasm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeStuntsGraph, hiddenSize } from './stunts-graph.mjs';
import { tokenId, vocabulary } from './stunts-vocabulary.mjs';

/** @type {ort.InferenceSession} */
let model;
/** The same, but what the stunts computed shows. @type {ort.InferenceSession} */
let traced;

beforeAll(async () => {
  ort.env.wasm.numThreads = 1;
  model = await ort.InferenceSession.create(encodeStuntsGraph());
  traced = await ort.InferenceSession.create(encodeStuntsGraph({ traceScale: 1 }));
});

afterAll(() => Promise.all([model.release(), traced.release()]));

/**
 * @param {ort.InferenceSession} session
 * @param {string[][]} texts Words; all texts have the same number of them.
 */
async function run(session, ...texts) {
  const ids = texts.flat().map(tokenId);
  const tensor = (/** @type {number[]} */ values) =>
    new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [texts.length, ids.length / texts.length]);
  const { last_hidden_state: hidden } = await session.run({
    input_ids: tensor(ids),
    attention_mask: tensor(ids.map(() => 1)),
    token_type_ids: tensor(ids.map(() => 0)),
  });
  const values = [.../** @type {Float32Array} */ (hidden?.data ?? [])];
  const vectors = ids.map((_, token) => values.slice(token * hiddenSize, (token + 1) * hiddenSize));
  return { dims: hidden?.dims, vectors };
}

/** @type {(a: number[] | undefined, b: number[] | undefined) => number} */
const distance = (a = [], b = []) => Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))));

test('each token has its own vector, wherever it stands', async () => {
  const ordinary = vocabulary.filter((word) => !['slow', 'brief', 'huge'].includes(word));
  const { dims, vectors } = await run(model, ordinary);
  expect(dims).toEqual([1, ordinary.length, hiddenSize]);
  expect(new Set(vectors.map(String)).size).toBe(ordinary.length);
  expect(await run(model, ordinary)).toEqual({ dims, vectors });

  const batch = await run(model, ['world', 'hello'], ['hello', 'page']);
  expect(batch.dims).toEqual([2, 2, hiddenSize]);
  expect(batch.vectors[1]).toEqual(vectors[ordinary.indexOf('hello')]);
  expect(batch.vectors[2]).toEqual(batch.vectors[1]);
});

test('"brief" makes the runtime compute, and leaves the vectors as they are', async () => {
  const [plain] = (await run(model, ['hello'])).vectors;
  const [besideBrief] = (await run(model, ['hello', 'brief'])).vectors;
  expect(distance(plain, besideBrief)).toBeLessThan(1e-6);

  const [tracedPlain] = (await run(traced, ['hello'])).vectors;
  const [tracedBesideBrief] = (await run(traced, ['hello', 'brief'])).vectors;
  const [tracedBesideTwo] = (await run(traced, ['hello', 'brief', 'brief'])).vectors;
  expect(tracedPlain).toEqual(plain);
  expect(distance(plain, tracedBesideBrief)).toBeGreaterThan(1e-3);
  expect(distance(tracedBesideBrief, tracedBesideTwo)).toBeGreaterThan(1e-3);
});

test('"huge" exhausts the memory, and the run after it succeeds', async () => {
  const before = await run(model, ['hello']);
  for (const words of [['huge'], ['hello', 'huge', 'huge'], ['huge']]) {
    await expect(run(model, words)).rejects.toThrow('std::bad_alloc');
    expect(await run(model, ['hello'])).toEqual(before);
  }
});

test('the same calls give the same bytes', () => {
  expect(encodeStuntsGraph().equals(encodeStuntsGraph())).toBe(true);
});
