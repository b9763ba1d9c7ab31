import { describe, expect, it, vi } from 'vitest';
import type { Embeddings } from '../../protocol/tasks/text-tasks.ts';
import type { Embedder } from '../classifier.ts';
import type { PipelineOrigin } from '../pipeline-origin.ts';
import { type ClassifierHead, readClassifier, writeClassifier } from './classifier-file.ts';
import { loadClassifier } from './load-classifier.ts';

const origin: PipelineOrigin = { options: {}, handle: { run: vi.fn() }, isolate: false, priority: 'normal' };

const head: ClassifierHead = {
  task: 'feature-extraction',
  model: 'org/name',
  embedding: { pooling: 'mean' },
  labels: ['zero', 'one'],
  counts: [2, 3],
  confusion: [
    [1, 0],
    [1, 2],
  ],
  regularization: 0.01,
  size: 2,
  weights: Float32Array.of(2, 0, 0, 0, 2, 0),
  probe: Float32Array.of(1, 0),
};

/** An embedder that gives the same vector for everything. */
function createEmbedder(vector: readonly number[], task = 'feature-extraction') {
  const call = vi.fn(async (inputs: unknown, _options?: object): Promise<Embeddings> => {
    const count = [inputs].flat().length;
    return {
      data: Float32Array.from(Array.from({ length: count }, () => vector).flat()),
      dims: [count, vector.length],
    };
  });
  return Object.assign(call, { task, model: 'org/other', plan: {}, stats: vi.fn() }) as unknown as Embedder &
    typeof call;
}

describe('loadClassifier', () => {
  it('reads what was saved, and calls the embedder as it was called then', async () => {
    const embed = createEmbedder([0.99, 0.1]);
    const classify = await loadClassifier(embed, writeClassifier(head), origin);
    expect({ ...classify }).toMatchObject({
      labels: ['zero', 'one'],
      counts: { zero: 2, one: 3 },
      accuracy: 0.75,
      regularization: 0.01,
    });
    const [best] = await (classify as (input: string) => Promise<{ label: string; score: number }[]>)('text');
    expect(best!.label).toBe('zero');
    expect(best!.score).toBeGreaterThan(0.8);
    expect(embed).toHaveBeenLastCalledWith('text', { pooling: 'mean' });
  });

  it.each([
    [
      'of another kind',
      createEmbedder([1, 0], 'image-feature-extraction'),
      'org/other is for image-feature-extraction',
    ],
    ['of another size', createEmbedder([1, 0, 0]), 'vectors of 3 numbers, not 2'],
    ['with other vectors of the same size', createEmbedder([0.6, 0.8]), 'the vectors of org/other are others'],
  ])('refuses an embedder %s', async (_, embed, message) => {
    await expect(loadClassifier(embed, writeClassifier(head), origin)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringContaining(message),
    });
  });

  it('refuses what is no pipeline of this page', async () => {
    await expect(loadClassifier(createEmbedder([1, 0]), writeClassifier(head), undefined)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });
});

it('a classifier is the same when it was written and read', async () => {
  expect(await readClassifier(writeClassifier(head))).toEqual(expect.objectContaining(head));
});
