import { describe, expect, it, vi } from 'vitest';
import { engineTask, snakeCased } from './engine-task.ts';
import { createContext, createEngine, createRuntime, loadTask } from './fake-engine.conformance.ts';

/** What of a result of a task is transferred. */
async function transferOf(value: unknown) {
  const task = engineTask({ name: 'any', takes: 'text', options: {}, run: async () => value });
  const loaded = await loadTask(task, createEngine());
  const result = await loaded.run([], {}, createContext());
  expect(result.value).toBe(value);
  return result.transfer;
}

describe('what of a result changes threads without a copy', () => {
  const floats = new Float32Array(4);
  const bytes = new Uint8ClampedArray(16);

  it.each<[string, unknown, ArrayBuffer[]]>([
    ['nothing of plain data', [{ label: 'a', score: 1 }], []],
    ['nothing of nothing', null, []],
    ['an array of numbers', floats, [floats.buffer]],
    ['what an object holds', { data: floats, dims: [2, 2] }, [floats.buffer]],
    [
      'what lists of objects hold',
      [{ mask: { data: bytes } }, { mask: { data: floats } }],
      [bytes.buffer, floats.buffer],
    ],
    ['each buffer once', [floats, { again: new Uint8Array(floats.buffer) }, floats], [floats.buffer]],
    ['no part of a buffer, whose rest may be in use', { data: floats.subarray(1) }, []],
    ['no part at the beginning of one either', { data: floats.subarray(0, 2) }, []],
    ['no shared memory', new Uint8Array(new SharedArrayBuffer(8)), []],
  ])('is %s', async (_, value, expected) => {
    const transfer = await transferOf(value);
    expect(transfer).toHaveLength(expected.length);
    for (const [index, buffer] of expected.entries()) expect(transfer[index]).toBe(buffer);
    expect(() => structuredClone(value, { transfer: [] })).not.toThrow();
  });
});

describe('a task of an engine', () => {
  it('loads the pipeline of its name, runs in it, and frees it', async () => {
    const dispose = vi.fn(async () => {});
    const engine = createEngine({ dispose });
    const run = vi.fn(async () => 'result');
    const task = engineTask({ name: 'summarization', takes: 'text', options: {}, run });
    const load = vi.fn(async () => engine);
    const files = async () => undefined;
    const loaded = await task.load(createRuntime({ load }), { dtypes: { model: 'q8' }, files });
    expect(load).toHaveBeenCalledExactlyOnceWith({ task: 'summarization', dtypes: { model: 'q8' }, files });
    const context = createContext();
    await loaded.run(['text'], { topK: 1 }, context);
    expect(run).toHaveBeenCalledExactlyOnceWith(engine, ['text'], { topK: 1 }, context);
    await loaded.dispose();
    expect(dispose).toHaveBeenCalledOnce();
  });
});

it('spells options as transformers.js does', () => {
  expect(snakeCased({ topK: 1, maxNewTokens: 2, chunkLengthS: 3, stop: ['aB'], noRepeatNgramSize: 0 })).toEqual({
    top_k: 1,
    max_new_tokens: 2,
    chunk_length_s: 3,
    stop: ['aB'],
    no_repeat_ngram_size: 0,
  });
});
