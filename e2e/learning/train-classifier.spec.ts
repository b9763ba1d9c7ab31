import type { TrainingProgress } from 'insitu';
import { sentenceExamples } from '../support/labelled-sentences.ts';
import { classifier, embedder } from '../support/site.ts';
import { type SeenError, expect, test } from '../support/test.ts';

/** Every third example, which the classifier does not see, and the others. */
const isSpared = (_example: unknown, index: number) => index % 3 === 0;
const spared = sentenceExamples.filter(isSpared);
const seen = sentenceExamples.filter((example, index) => !isSpared(example, index));

test('learns from 40 sentences in the worker what others are, and says how well', async ({ ready, site }) => {
  const outcome = await ready.evaluate(
    async ([model, examples, learned, asked]) => {
      const embed = await insitu.pipeline('feature-extraction', model);
      const progress: TrainingProgress[] = [];
      const all = await insitu.trainClassifier(embed, examples, { onProgress: (now) => progress.push(now) });
      const some = await insitu.trainClassifier(embed, learned, { validation: 0 });
      const found = await some(asked.map(({ input }) => input));
      const again = await insitu.trainClassifier(embed, learned, { validation: 0 });
      const { labels, counts, accuracy, confusion, regularization, task } = all;
      return {
        all: { labels, counts, accuracy, confusion, regularization, task },
        progress,
        accuracyOfNone: some.accuracy,
        right: found.filter(({ label }, index) => label === asked[index]!.label).length,
        same: JSON.stringify(await again(asked.map(({ input }) => input))) === JSON.stringify(found),
      };
    },
    [embedder, sentenceExamples, seen, spared] as const,
  );
  console.log(
    `40 sentences of 3 kinds: ${outcome.right} of ${spared.length} unseen are right; held-out accuracy ${outcome.all.accuracy}`,
  );
  expect(outcome.all).toMatchObject({
    labels: ['complaint', 'praise', 'question'],
    counts: { complaint: 14, praise: 13, question: 13 },
    task: 'text-classification',
  });
  // Chance is a third.
  expect(outcome.all.accuracy).toBeGreaterThan(0.6);
  expect(outcome.right / spared.length).toBeGreaterThan(0.6);
  const held = outcome.all.confusion!.map((row) => row.reduce((sum, count) => sum + count, 0));
  expect(held).toEqual([3, 3, 3]);
  expect(outcome.accuracyOfNone).toBeUndefined();
  expect(outcome.same).toBe(true);
  expect(outcome.progress.filter(({ stage }) => stage === 'embed').at(-1)).toEqual({
    stage: 'embed',
    done: sentenceExamples.length,
    total: sentenceExamples.length,
  });
  const fits = outcome.progress.filter(({ stage }) => stage === 'fit');
  expect(fits.length).toBeGreaterThan(1);
  expect(fits.at(-1)!.done).toBe(fits.at(-1)!.total);
  // The worker has fetched what fits.
  expect(site.requests).toContain('/dist/learning-worker.js');
});

test('what it cannot learn from is refused, typed, and the embedder goes on', async ({ ready }) => {
  const outcome = await ready.evaluate(
    async ([model, other, examples]) => {
      const see = ({ code, message }: SeenError) => ({ code, message });
      const embed = await insitu.pipeline('feature-extraction', model);
      const classify = await insitu.pipeline('text-classification', other);
      const train = (...given: unknown[]) =>
        (insitu.trainClassifier as (...given: unknown[]) => Promise<unknown>)(...given).catch(see);
      const [a, b] = [
        { input: 'one', label: 'a' },
        { input: 'two', label: 'b' },
      ];
      const controller = new AbortController();
      return {
        errors: [
          await train(embed, 'examples'),
          await train(embed, []),
          await train(embed, [a, a]),
          await train(embed, [a, a, b]),
          await train(embed, [a, a, b, { input: 'three', label: 3 }]),
          await train(embed, [a, a, b, null]),
          await train(embed, [a, a, b, { input: 7, label: 'b' }]),
          await train(embed, [a, a, b, b], { validation: 1 }),
          await train(embed, [a, a, b, b], { regularization: 0 }),
          await train(embed, [a, a, b, b], { embedding: { pooling: 'median' } }),
          await train(embed, [a, a, b, b], { epochs: 3 }),
          await train(classify, [a, a, b, b]),
          await train(undefined, [a, a, b, b]).catch((error: unknown) => String(error)),
        ],
        aborted: await insitu
          .trainClassifier(embed, examples, {
            signal: controller.signal,
            onProgress: ({ done }) => done === 3 && controller.abort('enough'),
          })
          .catch((reason: unknown) => reason),
        fewest: (await insitu.trainClassifier(embed, [a, a, b, b])).accuracy ?? 'none held out',
      };
    },
    [embedder, classifier, sentenceExamples] as const,
  );
  const invalid = (message: string) => ({ code: 'INPUT_INVALID', message: expect.stringContaining(message) });
  const option = (message: string) => ({ code: 'OPTION_INVALID', message: expect.stringContaining(message) });
  expect(outcome.errors).toEqual([
    invalid('The examples are "examples"'),
    invalid('no label'),
    invalid('one label, "a"'),
    invalid('one example of the label "b"'),
    invalid('The label of example 3 is the number 3'),
    invalid('The label of example 3 is undefined'),
    invalid('the number 7'),
    option('validation'),
    option('regularization'),
    option('pooling'),
    option('epochs'),
    option('a pipeline for text-classification'),
    option('The embedder is undefined'),
  ]);
  expect(outcome.aborted).toBe('enough');
  expect(outcome.fewest).toBe('none held out');
});

test('learns in an isolated worker and in a shared one as in its own', async ({ ready }) => {
  const [own, isolated, shared] = await ready.evaluate(
    async ([model, examples]) => {
      const results: string[] = [];
      for (const [client, loading] of [
        [insitu.createClient(), {}],
        [insitu.createClient(), { isolate: true }],
        [insitu.createClient({ shared: true }), {}],
      ] as const) {
        const embed = await client.pipeline('feature-extraction', model, loading);
        const classify = await insitu.trainClassifier(embed, examples);
        results.push(JSON.stringify(await classify('Can I collect it myself?', { topK: null })));
        await client.close();
      }
      return results;
    },
    [embedder, sentenceExamples] as const,
  );
  expect(own).toContain('question');
  expect(isolated).toBe(own);
  expect(shared).toBe(own);
});
