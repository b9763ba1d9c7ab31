import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../runtime/runtime.ts';
import { reranking } from './reranking.ts';
import { runTask } from './run-task.conformance.ts';
import { sentenceSimilarity } from './sentence-similarity.ts';

const tokenLengths = (texts: readonly string[]) => texts.map((text) => text.length);

describe('sentence similarity', () => {
  /** Directions in a plane, by degrees. */
  const embed = ([texts]: readonly unknown[]) => {
    const vectors = (texts as string[]).flatMap((text) => {
      const angle = (Number(text) / 180) * Math.PI;
      return [Math.cos(angle), Math.sin(angle)];
    });
    return { type: 'float32', data: Float32Array.from(vectors), dims: [(texts as string[]).length, 2] };
  };
  const engine = { tokenLengths };

  it('is the cosine of the angle, in the order of the texts, though they ran by length', async () => {
    const { value, asked } = await runTask(
      sentenceSimilarity,
      embed,
      ['30', ['120', '30', '-150', '90']],
      {},
      { engine },
    );
    const expected = [0, 1, -1, 0.5];
    for (const [index, similarity] of (value as number[]).entries()) expect(similarity).toBeCloseTo(expected[index]!);
    expect(asked.length).toBeGreaterThan(2);
    for (const { options } of asked) expect(options).toEqual({ pooling: 'mean', normalize: true });
  });

  it('of no texts is an empty list', async () => {
    expect((await runTask(sentenceSimilarity, embed, ['30', []], {}, { engine })).value).toEqual([]);
  });

  it('is told text by text to whoever reads it so, and pools as it is asked to', async () => {
    const streaming = { engine: { ...engine, dynamicallyQuantised: true }, streaming: true };
    const { chunks, asked, progress } = await runTask(
      sentenceSimilarity,
      embed,
      ['0', ['0', '60']],
      { pooling: 'cls' },
      streaming,
    );
    expect(chunks).toEqual([
      { index: 0, value: expect.closeTo(1) },
      { index: 1, value: expect.closeTo(0.5) },
    ]);
    expect(asked[0]!.options).toMatchObject({ pooling: 'cls' });
    expect(progress).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it.each([
    [[['a'], ['b']], 'first text'],
    [[undefined, ['b']], 'first text is undefined'],
    [['a', [1]], 'item 0 is the number 1'],
    [['a'], 'list of texts is undefined'],
  ])('refuses %j', async (inputs, words) => {
    await expect(runTask(sentenceSimilarity, embed, inputs, {}, { engine })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(words),
      hint: expect.any(String),
    });
  });

  it('needs one vector of each text', async () => {
    await expect(runTask(sentenceSimilarity, embed, ['0', ['0']], { pooling: 'none' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });
});

describe('reranking', () => {
  /** The longer a document, the better it fits. */
  function createEngine(labels = 1) {
    const forward = vi.fn<Engine['forward']>(async (_queries, documents, { step }) =>
      step(async () => ({
        logits: {
          type: 'float32',
          data: Float32Array.from(documents.flatMap(({ length }) => Array<number>(labels).fill(length - 3))),
          dims: [documents.length, labels],
        },
      })),
    );
    return { forward, tokenLengths };
  }
  const rank = (inputs: unknown[], options = {}, context = {}, engine = createEngine()) =>
    runTask(reranking, () => undefined, inputs, options, { engine, ...context });
  const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

  it('orders documents by their fit, with their places, and equals as they were given', async () => {
    const { value } = await rank(['query', ['bb', 'dddd', 'a', 'cc']]);
    expect(value).toEqual([
      { index: 1, score: expect.closeTo(sigmoid(1)), document: 'dddd' },
      { index: 0, score: expect.closeTo(sigmoid(-1)), document: 'bb' },
      { index: 3, score: expect.closeTo(sigmoid(-1)), document: 'cc' },
      { index: 2, score: expect.closeTo(sigmoid(-2)), document: 'a' },
    ]);
  });

  it('reads each document together with the query', async () => {
    const engine = createEngine();
    await rank(['query', ['aa', 'bb']], {}, {}, engine);
    expect(engine.forward.mock.calls.map(([queries, documents]) => [queries, documents])).toEqual([
      [
        ['query', 'query'],
        ['aa', 'bb'],
      ],
    ]);
  });

  it.each([
    [1, ['ccc']],
    [2, ['ccc', 'bb']],
    [null, ['ccc', 'bb', 'a']],
    [99, ['ccc', 'bb', 'a']],
  ])('gives the best %s', async (topK, documents) => {
    const { value } = await rank(['query', ['a', 'bb', 'ccc']], { topK });
    expect((value as { document: string }[]).map(({ document }) => document)).toEqual(documents);
  });

  it('tells scores as they come to whoever reads it so', async () => {
    const { chunks } = await rank(['query', ['aaa', 'bbb']], {}, { streaming: true });
    expect(chunks).toEqual([
      { index: 0, value: 0.5 },
      { index: 1, value: 0.5 },
    ]);
  });

  it.each([
    [[undefined, ['a']], 'query is undefined'],
    [[['q'], ['a']], 'query is an object'],
    [['q'], 'list of documents is undefined'],
    [['q', ['a', 1]], 'item 1 is the number 1'],
  ])('refuses %j', async (inputs, words) => {
    await expect(rank(inputs)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(words),
      hint: expect.any(String),
    });
  });

  it('refuses a model that is no cross-encoder', async () => {
    await expect(rank(['q', ['a']], {}, {}, createEngine(3))).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringContaining('3 numbers'),
      hint: expect.stringContaining('cross-encoder'),
    });
  });
});
