import type { LabelScore } from 'insitu';
import { sentenceExamples } from '../support/labelled-sentences.ts';
import { classifier, embedder } from '../support/site.ts';
import { type SeenError, expect, test } from '../support/test.ts';

const imageEmbedder = '/models/insitu/tiny-image-feature-extraction/';

test('is called like a text-classification pipeline', async ({ ready }) => {
  const outcome = await ready.evaluate(
    async ([model, reference, examples]) => {
      const embed = await insitu.pipeline('feature-extraction', model);
      const own = await insitu.trainClassifier(embed, examples);
      const usual = await insitu.pipeline('text-classification', reference);
      const see = ({ code, message }: SeenError) => ({ code, message });
      const texts = ['It fell apart.', 'Can I collect it myself?'];
      const shapes: unknown[] = [];
      const shapeOf = (value: unknown): unknown =>
        Array.isArray(value) ? value.map(shapeOf) : Object.keys(value as object);
      for (const classify of [own, usual]) {
        const one = await classify(texts[0]!);
        const streamed: LabelScore[][] = [];
        const stream = classify.stream(texts, { topK: 2 });
        for await (const { index, value } of stream) streamed[index] = value;
        shapes.push([
          shapeOf(one),
          shapeOf(await classify(texts)),
          shapeOf(await classify(texts, { topK: 2 })),
          shapeOf(streamed),
          JSON.stringify(streamed) === JSON.stringify(await stream.result),
        ]);
      }
      const all = await own(texts[1]!, { top_k: null });
      const first: number[] = [];
      for await (const { index } of own.stream(texts)) {
        first.push(index);
        break;
      }
      const errors = [
        await own(7 as never).catch(see),
        await own('x', { topK: 0 }).catch(see),
        await own('x', { pooling: 'cls' } as never).catch(see),
        await own('x', { signal: AbortSignal.abort('enough') }).catch((reason: unknown) => reason),
      ];
      const { answered } = await own.stats();
      await own.dispose();
      return {
        shapes,
        all,
        first,
        errors,
        answered,
        after: [await own('x').catch(see), (await embed('x', { pooling: 'mean' })).dims],
      };
    },
    [embedder, classifier, sentenceExamples] as const,
  );
  expect(outcome.shapes[0]).toEqual(outcome.shapes[1]);
  expect(outcome.all.map(({ label }) => label).sort()).toEqual(['complaint', 'praise', 'question']);
  expect(outcome.all[0]!.label).toBe('question');
  expect(outcome.all.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
  expect(outcome.first).toEqual([0]);
  expect(outcome.errors).toEqual([
    { code: 'INPUT_INVALID', message: expect.any(String) },
    { code: 'OPTION_INVALID', message: expect.stringContaining('topK') },
    { code: 'OPTION_INVALID', message: expect.stringContaining('pooling') },
    'enough',
  ]);
  expect(outcome.answered).toBeGreaterThan(5);
  expect(outcome.after).toEqual([{ code: 'DISPOSED', message: expect.any(String) }, [1, 384]]);
});

test('is saved in some kilobytes, loaded on another page, and refused by another embedder', async ({
  ready,
  context,
  site,
}) => {
  const saved = await ready.evaluate(
    async ([model, examples]) => {
      const embed = await insitu.pipeline('feature-extraction', model);
      const classify = await insitu.trainClassifier(embed, examples);
      const file = classify.save();
      return {
        bytes: [...new Uint8Array(await file.arrayBuffer())],
        labels: await classify('Can I collect it myself?', { topK: null }),
        accuracy: classify.accuracy,
      };
    },
    [embedder, sentenceExamples] as const,
  );
  expect(saved.bytes.length).toBeLessThan(10_000);
  const page = await context.newPage();
  await page.goto(`${site.url}/pages/module.html`);
  await page.waitForFunction(() => globalThis.insitu !== undefined);
  const loaded = await page.evaluate(
    async ([model, other, bytes]) => {
      const see = ({ code, message }: SeenError) => ({ code, message });
      const embed = await insitu.pipeline('feature-extraction', model);
      const file = new Blob([Uint8Array.from(bytes)]);
      const classify = await insitu.loadClassifier(embed, file);
      const { accuracy } = classify;
      const labels = await classify('Can I collect it myself?', { topK: null });
      const ofImages = await insitu.pipeline('image-feature-extraction', other);
      const later = new TextEncoder().encode(
        new TextDecoder('latin1')
          .decode(file.size ? Uint8Array.from(bytes) : undefined)
          .replace('classifier-1', 'classifier-2'),
      );
      return {
        labels,
        accuracy,
        errors: [
          await insitu.loadClassifier(embed, file.slice(0, 5000)).catch(see),
          await insitu.loadClassifier(embed, new Blob(['{"some": "file"}\n'])).catch(see),
          await insitu.loadClassifier(embed, new Blob(['GIF89a'])).catch(see),
          await insitu.loadClassifier(embed, new Blob([later])).catch(see),
          await insitu.loadClassifier(embed, 'file' as never).catch(see),
          await insitu.loadClassifier(ofImages as never, file).catch(see),
        ],
      };
    },
    [embedder, imageEmbedder, saved.bytes] as const,
  );
  expect(loaded.labels).toEqual(saved.labels);
  expect(loaded.accuracy).toBe(saved.accuracy);
  const unreadable = (what: string) => ({ code: 'INPUT_INVALID', message: expect.stringContaining(what) });
  expect(loaded.errors).toEqual([
    unreadable('is not whole'),
    unreadable('does not say that it is one'),
    unreadable('is something else'),
    unreadable('has the format insitu-classifier-2'),
    unreadable('is no Blob'),
    { code: 'MODEL_UNSUPPORTED', message: expect.stringContaining('image-feature-extraction') },
  ]);
});

test('learns images apart, and is called like an image-classification pipeline', async ({ ready }) => {
  const outcome = await ready.evaluate(async (model) => {
    const embed = await insitu.pipeline('image-feature-extraction', model);
    const picture = (red: number, blue: number) => {
      const data = new Uint8ClampedArray(32 * 32 * 4);
      for (let at = 0; at < data.length; at += 4) data.set([red, (at / 4) % 64, blue, 255], at);
      return new ImageData(data, 32, 32);
    };
    const shades = Array.from({ length: 12 }, (_, index) => 130 + index * 10);
    const examples = shades.flatMap((shade) => [
      { input: picture(shade, 10), label: 'red' },
      { input: picture(10, shade), label: 'blue' },
    ]);
    const classify = await insitu.trainClassifier(embed, examples);
    const file = classify.save();
    const again = await insitu.loadClassifier(embed, file);
    const pictures = [picture(205, 20), picture(20, 205)];
    const labels = await classify(pictures);
    return {
      task: classify.task,
      accuracy: classify.accuracy,
      labels: labels.map((each) => each.map(({ label }) => label)),
      one: (await classify(pictures[0]!, { topK: 1 })).length,
      same: JSON.stringify(await again(pictures)) === JSON.stringify(labels),
    };
  }, imageEmbedder);
  expect(outcome).toEqual({
    task: 'image-classification',
    accuracy: 1,
    labels: [
      ['red', 'blue'],
      ['blue', 'red'],
    ],
    one: 1,
    same: true,
  });
});
