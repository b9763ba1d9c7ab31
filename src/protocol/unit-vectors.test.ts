import { expect, it } from 'vitest';
import { unitVectors } from './unit-vectors.ts';

it('scales each vector to length 1, and leaves nothing as it is', () => {
  const { vectors, size } = unitVectors({ data: Float32Array.of(3, 4, 0, 0, 0, -2), dims: [3, 2] });
  expect(size).toBe(2);
  expect([...vectors].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0.6, 0.8, 0, 0, 0, -1]);
});

it('takes the mean of several vectors of one input', () => {
  const { vectors, size } = unitVectors({ data: Float32Array.of(1, 0, 0, 1, 5, 0, 3, 0), dims: [2, 2, 2] });
  expect(size).toBe(2);
  expect(vectors[0]).toBeCloseTo(Math.SQRT1_2, 6);
  expect([...vectors.subarray(2)]).toEqual([1, 0]);
});

it.each([
  ['[2]', { data: Float32Array.of(1, 2), dims: [2] }],
  ['[1, 1, 1, 2]', { data: Float32Array.of(1, 2), dims: [1, 1, 1, 2] }],
  ['[2, 2]', { data: Float32Array.of(1, 2), dims: [2, 2] }],
])('refuses tensors of the shape %s', (shape, embeddings) => {
  expect(() => unitVectors(embeddings)).toThrow(expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }));
  expect(() => unitVectors(embeddings)).toThrow(shape);
});
