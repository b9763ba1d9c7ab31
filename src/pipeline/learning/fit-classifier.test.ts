import { expect, it } from 'vitest';
import type { FitRequest } from '../../protocol/learning.ts';
import { clusters } from './clusters.conformance.ts';
import { fitClassifier } from './fit-classifier.ts';
import { foldsOf, holdOut, shuffledByClass } from './split-examples.ts';

const step = <T>(work: () => Promise<T>) => work();

function requestOf(perClass: number, count: number, noise: number, more: Partial<FitRequest> = {}): FitRequest {
  const { vectors, size, classes } = clusters(perClass, count, 64, noise);
  return {
    embeddings: { data: vectors, dims: [perClass * count, size] },
    classes: Uint32Array.from(classes),
    count,
    validation: 0.2,
    regularization: undefined,
    seed: 0,
    ...more,
  };
}

const fit = (request: FitRequest) => fitClassifier(request, { step, progress: () => {} });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const right = (confusion: readonly (readonly number[])[]) => sum(confusion.map((row, at) => row[at]!));

it('tells clusters apart that it has not seen, and holds out the same part of each class', async () => {
  const { weights, confusion } = await fit(requestOf(30, 4, 1));
  expect(weights).toHaveLength(4 * 65);
  expect(confusion!.map(sum)).toEqual([6, 6, 6, 6]);
  expect(right(confusion!)).toBeGreaterThan(20);
});

it('is at chance where the labels mean nothing', async () => {
  const request = requestOf(100, 2, 1);
  const { confusion } = await fit({ ...request, classes: request.classes.map((_, at) => (at >> 1) % 2) });
  expect(right(confusion!)).toBeGreaterThan(8);
  expect(right(confusion!)).toBeLessThan(32);
});

it('penalises more where there is more noise', async () => {
  const [clear, noisy] = [await fit(requestOf(40, 2, 0.2)), await fit(requestOf(40, 2, 8))];
  expect(noisy.regularization).toBeGreaterThan(clear.regularization);
});

it('gives the same bits again, and with another seed holds out others', async () => {
  const first = await fit(requestOf(20, 3, 4));
  expect(await fit(requestOf(20, 3, 4))).toEqual(first);
  const splits = [0, 1].map((seed) => holdOut(shuffledByClass(requestOf(20, 3, 4).classes, 3, seed), 0.2).heldOut);
  expect(splits[1]).not.toEqual(splits[0]);
});

it.each([
  ['two examples of each class', requestOf(2, 2, 1), 2],
  ['nothing held out', requestOf(10, 2, 1, { validation: 0 }), 21],
  ['a given penalty', requestOf(10, 2, 1, { regularization: 0.5 }), 2],
  ['everything', requestOf(10, 2, 1), 22],
])('tells how far it is, with %s', async (_, request, total) => {
  const told: string[] = [];
  await fitClassifier(request, { step, progress: (done, of) => void told.push(`${done}/${of}`) });
  expect(told).toEqual(Array.from({ length: total }, (_each, index) => `${index + 1}/${total}`));
});

it('says of an embedder that it gives no numbers', async () => {
  const request = requestOf(4, 2, 1);
  request.embeddings.data[70] = Number.NaN;
  await expect(fit(request)).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    message: expect.stringContaining('input 1'),
  });
});

it('keeps nobody waiting for all of 2000 examples: each fit is a step', async () => {
  const { vectors, size, classes } = clusters(1000, 2, 384, 3);
  let longest = 0;
  const began = performance.now();
  await fitClassifier(
    { ...requestOf(2, 2, 1), embeddings: { data: vectors, dims: [2000, size] }, classes: Uint32Array.from(classes) },
    {
      async step(work) {
        const start = performance.now();
        const result = await work();
        longest = Math.max(longest, performance.now() - start);
        return result;
      },
      progress: () => {},
    },
  );
  const total = performance.now() - began;
  expect(longest).toBeLessThan(total / 3);
});

it('holds out at least one of each class, and never all', () => {
  const groups = [
    [0, 1],
    [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  ];
  expect(holdOut(groups, 0.2)).toEqual({ heldOut: [0, 2, 3], trained: [1, 4, 5, 6, 7, 8, 9, 10, 11] });
  expect(holdOut(groups, 0.9).trained).toEqual([1, 11]);
  expect(holdOut(groups, 0)).toEqual({ heldOut: [], trained: groups.flat() });
  const folds = foldsOf(groups, 2);
  expect(folds.flatMap(({ heldOut }) => heldOut).sort((a, b) => a - b)).toEqual(groups.flat());
  for (const { trained, heldOut } of folds) {
    expect([...trained, ...heldOut].sort((a, b) => a - b)).toEqual(groups.flat());
  }
});
