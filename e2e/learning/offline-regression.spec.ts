import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { embedder } from '../support/site.ts';
import { expect, test } from '../support/test.ts';

const sst2 = join(import.meta.dirname, '../../../shared/data/sst2-dev.tsv');

test('200 film reviews teach it what they teach an offline logistic regression', async ({ ready }) => {
  if (!existsSync(sst2)) {
    console.log('The reviews of SST-2 are not here: nothing is compared.');
    return;
  }
  test.setTimeout(240_000);
  const reviews = readFileSync(sst2, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'))
    .filter(([, label]) => label === '0' || label === '1')
    .map(([input, label]) => ({ input: input!, label: label! }));
  const [train, rest] = [reviews.slice(0, 200), reviews.slice(200, 600)];
  const { right, embeddings, size, milliseconds, regularization } = await ready.evaluate(
    async ([model, examples, asked]) => {
      const embed = await insitu.pipeline('feature-extraction', model);
      const began = performance.now();
      const classify = await insitu.trainClassifier(embed, examples, { validation: 0 });
      const milliseconds = performance.now() - began;
      const found = await classify(asked.map(({ input }) => input));
      const { data, dims } = await embed(
        [...examples, ...asked].map(({ input }) => input),
        { pooling: 'mean', normalize: true },
      );
      return {
        right: found.filter(({ label }, index) => label === asked[index]!.label).length,
        embeddings: [...data],
        size: dims[1]!,
        milliseconds,
        regularization: classify.regularization,
      };
    },
    [embedder, train, rest] as const,
  );
  const vectorOf = (index: number) => embeddings.slice(index * size, (index + 1) * size);
  const weights = descend(
    train.map((_, index) => vectorOf(index)),
    train.map(({ label }) => Number(label)),
  );
  const offline = rest.filter(
    ({ label }, index) => score(weights, vectorOf(train.length + index)) > 0 === (label === '1'),
  ).length;
  const percent = (count: number) => (100 * count) / rest.length;
  console.log(
    `SST-2, 200 reviews to learn from, ${rest.length} to tell: ${percent(right)} % right, offline ${percent(offline)} %; penalty ${regularization}, trained in ${Math.round(milliseconds)} ms`,
  );
  expect(percent(right)).toBeGreaterThanOrEqual(percent(offline) - 2);
  expect(percent(offline)).toBeGreaterThan(65);
});

const score = (weights: readonly number[], vector: readonly number[]) =>
  vector.reduce((sum, value, at) => sum + value * weights[at]!, weights[vector.length]!);

/** Binary logistic regression by plain gradient descent, with the usual penalty of scikit-learn (C = 1). */
function descend(vectors: readonly (readonly number[])[], truths: readonly number[]): number[] {
  const size = vectors[0]!.length;
  const weights = Array.from({ length: size + 1 }, () => 0);
  for (let round = 0; round < 3000; round++) {
    const slope = weights.map((weight, at) => (at < size ? weight / vectors.length : 0));
    for (const [index, vector] of vectors.entries()) {
      const error = (1 / (1 + Math.exp(-score(weights, vector))) - truths[index]!) / vectors.length;
      for (let at = 0; at < size; at++) slope[at]! += error * vector[at]!;
      slope[size]! += error;
    }
    for (const at of weights.keys()) weights[at]! -= 2 * slope[at]!;
  }
  return weights;
}
