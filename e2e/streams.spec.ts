import type { Page } from '@playwright/test';
import type { Pipeline } from 'insitu';
import { expect, test } from './support/test.ts';

const writer = '/models/insitu/tiny-text-generation/';
const embedder = '/models/insitu/tiny-feature-extraction/';

/** What the tests leave in the page. */
interface PageGlobals {
  write: Pipeline<'text-generation'>;
  embed: Pipeline<'feature-extraction'>;
}

test.beforeEach(async ({ ready }) => {
  await ready.evaluate(
    async ([writer, embedder]) => {
      // One worker, so that both compete for it.
      const client = insitu.createClient({ workers: 1 });
      const write = await client.pipeline('text-generation', writer, { dtype: 'fp32' });
      const embed = await client.pipeline('feature-extraction', embedder, { dtype: 'fp32' });
      Object.assign(globalThis, { write, embed });
    },
    [writer, embedder] as const,
  );
});

const statsOf = (page: Page) => page.evaluate(() => (globalThis as unknown as PageGlobals).write.stats());

test('pieces are what a call gives, of whole characters, with counts', async ({ ready }) => {
  const seen = await ready.evaluate(async () => {
    const { write } = globalThis as unknown as PageGlobals;
    const outcomes = [];
    for (const prompt of ['Once upon', 'The river 🎉', 'Mina and', '日']) {
      const options = { maxNewTokens: 60, returnFullText: false };
      const stream = write.stream(prompt, options);
      const pieces: string[] = [];
      for await (const piece of stream) pieces.push(piece);
      const [called] = await write(prompt, options);
      outcomes.push({ pieces, called: called!.generated_text, result: await stream.result });
    }
    return outcomes;
  });
  const characters = (text: string) => [...new Intl.Segmenter().segment(text)].length;
  for (const { pieces, called, result } of seen) {
    expect(pieces.join('')).toBe(called);
    expect(pieces.reduce((sum, piece) => sum + characters(piece), 0)).toBe(characters(called));
    expect(result.output).toEqual([{ generated_text: called }]);
    expect(result.usage.promptTokens).toBeGreaterThan(0);
    expect(result.usage.completionTokens).toBeGreaterThan(0);
    expect(result.finishReason).toBe(result.usage.completionTokens === 60 ? 'length' : 'stop');
  }
  expect(Math.max(...seen.map(({ pieces }) => pieces.length))).toBeGreaterThan(5);
  // Not by accident: characters of several tokens were written.
  expect(seen.some(({ called }) => /\P{ASCII}/u.test(called))).toBe(true);
});

test('leaving the loop ends the writing, without ending the worker', async ({ ready }) => {
  const first = await ready.evaluate(async () => {
    const { write } = globalThis as unknown as PageGlobals;
    const stream = write.stream('Once upon', { maxNewTokens: 200, minNewTokens: 200 });
    stream.result.catch(() => {});
    for await (const piece of stream) return piece;
    return '';
  });
  expect(first).not.toBe('');
  await expect.poll(async () => (await statsOf(ready)).running).toBe(0);
  expect((await statsOf(ready)).aborted).toEqual({ queued: 0, step: 1, terminated: 0 });
  const answer = await ready.evaluate(() =>
    (globalThis as unknown as PageGlobals).write('Once upon', { maxNewTokens: 4 }),
  );
  expect(answer[0]!.generated_text).toMatch(/^Once upon/);
});

test('an abort rejects the stream and its result with the reason', async ({ ready }) => {
  const seen = await ready.evaluate(async () => {
    const { write } = globalThis as unknown as PageGlobals;
    const controller = new AbortController();
    const stream = write.stream('Once upon', { maxNewTokens: 200, minNewTokens: 200, signal: controller.signal });
    const result = stream.result.then(
      () => 'finished',
      (reason) => reason,
    );
    try {
      for await (const _ of stream) controller.abort('enough');
    } catch (reason) {
      return { stream: reason, result: await result };
    }
    return { stream: 'finished', result: await result };
  });
  expect(seen).toEqual({ stream: 'enough', result: 'enough' });
});

test('a stream that is not read holds the writing back, and nobody else', async ({ ready }) => {
  const seen = await ready.evaluate(async () => {
    const { write, embed } = globalThis as unknown as PageGlobals;
    const stream = write.stream('Once upon', { maxNewTokens: 120, minNewTokens: 120 });
    let over = false;
    void stream.result.then(() => (over = true));
    const reader = stream.getReader();
    await reader.read();
    // More than enough turns for the rest, if it went on.
    for (let turn = 0; turn < 150; turn++) await embed('ok', { priority: 'interactive' });
    const early = over;
    reader.releaseLock();
    let pieces = 1;
    for await (const _ of stream) pieces++;
    return { early, pieces, usage: (await stream.result).usage };
  });
  expect(seen.early).toBe(false);
  expect(seen.usage.completionTokens).toBe(120);
  expect(seen.pieces).toBeGreaterThan(10);
});

test('an interactive call is answered between two tokens of a text', async ({ ready }) => {
  const order = await ready.evaluate(async () => {
    const { write, embed } = globalThis as unknown as PageGlobals;
    const order: string[] = [];
    const text = write('Once upon', { maxNewTokens: 200, minNewTokens: 200, priority: 'background' });
    const written = text.then(() => order.push('text'));
    await embed('soon', { priority: 'interactive' });
    order.push('vector');
    await written;
    return order;
  });
  expect(order).toEqual(['vector', 'text']);
});

test('a batch is read result by result, and tells its progress', async ({ ready }) => {
  const seen = await ready.evaluate(async () => {
    const { embed } = globalThis as unknown as PageGlobals;
    const texts = ['one', 'two words', 'a third, longer text', 'one'];
    const progress: number[] = [];
    const whole = await embed(texts, { pooling: 'mean', onProgress: ({ done }) => progress.push(done) });
    const stream = embed.stream(texts, { pooling: 'mean' });
    const size = whole.dims[1]!;
    const indices: number[] = [];
    let largest = 0;
    for await (const { index, value } of stream) {
      indices.push(index);
      value.data.forEach((number, place) => {
        largest = Math.max(largest, Math.abs(number - whole.data[index * size + place]!));
      });
    }
    return { indices: indices.sort((a, b) => a - b), largest, progress, dims: (await stream.result).dims };
  });
  expect(seen.indices).toEqual([0, 1, 2, 3]);
  expect(seen.largest).toBeLessThan(1e-6);
  expect(seen.progress.at(-1)).toBe(4);
  expect(seen.dims[0]).toBe(4);
});
