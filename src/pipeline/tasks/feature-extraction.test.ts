import { describe, expect, it, vi } from 'vitest';
import type { Embeddings, FeatureExtractionOptions, Pooling } from '../../protocol/tasks/text-tasks.ts';
import type { Engine, TensorData } from '../../runtime/runtime.ts';
import { createContext, createEngine as createFakeEngine, loadTask } from '../fake-engine.conformance.ts';
import type { RunContext } from '../task-definition.ts';
import { featureExtraction } from './feature-extraction.ts';

const size = 2;
/** What the model makes of a padding token: a vector like any other. */
const padding = [-99, -99];

/** A word of n letters is a token with the vector [n, position]. */
const tokens = (text: string) => text.split(' ').map((word, position) => [word.length, position]);

const mean = (vectors: number[][]) =>
  [0, 1].map((axis) => vectors.reduce((sum, vector) => sum + vector[axis]!, 0) / vectors.length);

/** Pads a batch to its longest text and pools it, as transformers.js does. */
function createEngine(given: Partial<Engine> = {}) {
  const forward = (texts: readonly string[], pooling: Pooling): TensorData => {
    const own = texts.map(tokens);
    const longest = Math.max(...own.map((vectors) => vectors.length));
    const padded = own.map((vectors) => [...vectors, ...Array<number[]>(longest - vectors.length).fill(padding)]);
    const pooled = {
      none: () => padded.flat(2),
      mean: () => own.flatMap(mean),
      cls: () => padded.flatMap((vectors) => vectors[0]!),
      first_token: () => padded.flatMap((vectors) => vectors[0]!),
      eos: () => padded.flatMap((vectors) => vectors.at(-1)!),
      last_token: () => padded.flatMap((vectors) => vectors.at(-1)!),
    }[pooling]();
    const dims = pooling === 'none' ? [texts.length, longest, size] : [texts.length, size];
    return { type: 'float32', data: Float32Array.from(pooled), dims };
  };
  const run = vi.fn<Engine['run']>(([texts], { pooling }, { step }) =>
    step(async () => forward(texts as string[], pooling as Pooling)),
  );
  return {
    ...createFakeEngine({ tokenLengths: (texts) => texts.map((text) => tokens(text).length), ...given }),
    run,
  };
}

async function embed(engine: Engine, input: unknown, options: FeatureExtractionOptions = {}) {
  const task = await loadTask(featureExtraction, engine);
  const { value, transfer } = await task.run([input], { ...options }, createContext());
  const { data, dims } = value as Embeddings;
  return { dims, values: [...data], data, transfer };
}

const words = (count: number, letters = 1) => Array<string>(count).fill('x'.repeat(letters)).join(' ');

describe.each([true, false])('feature extraction (dynamically quantised: %s)', (dynamicallyQuantised) => {
  it('gives vectors in the order of the input, though the batch ran by length', async () => {
    const engine = createEngine({ dynamicallyQuantised });
    const texts = [words(1, 5), words(40, 3), words(1, 7), words(40, 4), words(12, 1)];
    const { dims, values } = await embed(engine, texts, { pooling: 'cls' });
    expect(engine.run.mock.calls.length).toBeGreaterThan(1);
    expect(dims).toEqual([5, size]);
    expect(values).toEqual([5, 0, 3, 0, 7, 0, 4, 0, 1, 0]);
  });

  it('fills token vectors of shorter texts with zeros', async () => {
    const { dims, values } = await embed(createEngine({ dynamicallyQuantised }), ['aa', 'b cc ddd']);
    expect(dims).toEqual([2, 3, size]);
    expect(values).toEqual([2, 0, 0, 0, 0, 0, 1, 0, 2, 1, 3, 2]);
  });

  it.each(['none', 'mean', 'cls', 'first_token', 'eos', 'last_token'] as const)(
    'gives a text of a batch what it gives the text alone: pooling %s',
    async (pooling) => {
      const engine = createEngine({ dynamicallyQuantised });
      // Close enough in length to share a bucket, which is then padded.
      const [long, short] = [words(40, 2), words(39, 4)];
      const alone = await embed(engine, short, { pooling });
      const batch = await embed(engine, [long, short], { pooling });
      const row = batch.values.slice(batch.values.length / 2);
      const zeros = Array<number>(row.length - alone.values.length).fill(0);
      expect(row).toEqual([...alone.values, ...zeros]);
    },
  );

  it('gives one row for a string, as for an array of one', async () => {
    const engine = createEngine({ dynamicallyQuantised });
    expect((await embed(engine, 'aa b')).dims).toEqual([1, 2, size]);
    expect((await embed(engine, 'aa b', { pooling: 'mean' })).dims).toEqual([1, size]);
    expect(await embed(engine, ['aa b'])).toMatchObject({ dims: [1, 2, size], values: [2, 0, 1, 1] });
  });

  it('gives no rows for an empty batch', async () => {
    expect(await embed(createEngine({ dynamicallyQuantised }), [])).toMatchObject({ dims: [0, 0], values: [] });
  });
});

describe('feature extraction', () => {
  it('hands its options to the engine as they are', async () => {
    const engine = createEngine();
    await embed(engine, 'a', { pooling: 'mean', normalize: true });
    expect(engine.run).toHaveBeenCalledWith([['a']], { pooling: 'mean', normalize: true }, expect.anything());
  });

  it('transfers exactly the memory of its result', async () => {
    const { data, transfer } = await embed(createEngine(), ['a', 'b c']);
    expect(transfer).toEqual([data.buffer]);
    expect(data.buffer.byteLength).toBe(data.byteLength);
  });

  it('does not transfer memory of the engine, which may need it again', async () => {
    const tensor: TensorData = { type: 'float32', data: Float32Array.of(1, 2), dims: [1, 2] };
    const { transfer } = await embed({ ...createEngine(), run: async () => tensor }, 'a');
    structuredClone(transfer, { transfer });
    expect(tensor.data).toEqual(Float32Array.of(1, 2));
  });

  it.each([
    [undefined, 'undefined'],
    [42, 'the number 42'],
    [null, 'null'],
    [{ text: 'a' }, 'an object of type Object'],
    [['a', null, 3], 'item 1 is null'],
    [['a', ['b']], 'item 1 is an object of type Array'],
    [Array(2), 'item 0'],
  ])('refuses the input %o before the engine sees it', async (input, words) => {
    const engine = createEngine();
    await expect(embed(engine, input)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining(words),
    });
    expect(engine.run).not.toHaveBeenCalled();
  });

  it('computes each of its steps in its turn, and stops with the one that does not come', async () => {
    const engine = createEngine({ dynamicallyQuantised: true });
    let turns = 2;
    const step: RunContext['step'] = (work) => (turns-- > 0 ? work() : Promise.reject(new Error('enough')));
    const texts = ['a', 'b', 'c', 'd'];
    const computed: unknown[] = [];
    const counted: RunContext['step'] = (work) => step(work).then((result) => (computed.push(result), result));
    const task = await loadTask(featureExtraction, engine);
    await expect(task.run([texts], {}, createContext({ step: counted }))).rejects.toThrow('enough');
    expect(computed).toHaveLength(2);
    expect(engine.run.mock.calls.map(([inputs]) => inputs[0])).toEqual([['a'], ['b'], ['c']]);
  });

  it('passes on why a run failed', async () => {
    const failure = new Error('out of luck');
    await expect(embed({ ...createEngine(), run: () => Promise.reject(failure) }, 'a')).rejects.toBe(failure);
  });
});
