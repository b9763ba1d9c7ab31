import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAttentiveGraph, createCacheGraph } from '../../../scripts/models/session-graphs.mjs';
import { forgetInterrupt } from './interrupt.ts';
import { startOnnxRuntime } from './onnx-runtime.ts';
import { type FacadeSession, InferenceSession, Tensor } from './onnxruntime-facade.ts';
import type { OrtValue } from './ort-value.ts';
import { type RealOnnxRuntime, startRealOnnxRuntime } from './real-onnx-runtime.conformance.ts';

vi.mock('./onnx-runtime.ts', () => ({ startOnnxRuntime: vi.fn() }));
vi.mock(import('./interrupt.ts'), async (original) => ({ ...(await original()), forgetInterrupt: vi.fn() }));

const past = 'past_key_values.0.key';
const present = 'present.0.key';

let runtime: RealOnnxRuntime;
let session: FacadeSession;

beforeAll(async () => {
  runtime = await startRealOnnxRuntime();
});

beforeEach(async () => {
  vi.mocked(startOnnxRuntime).mockReset().mockResolvedValue();
  vi.mocked(forgetInterrupt).mockClear();
  session = await InferenceSession.create(createCacheGraph(), {});
});

afterEach(async () => {
  await session.release();
  expect(runtime.tensors.size).toBe(0);
  expect(runtime.allocations.size).toBe(0);
});

const rows = (count: number, value: number) =>
  new Tensor('float32', new Float32Array(4 * count).fill(value), [1, count, 4]);

/** Writes as transformers.js 4.3 does: its `DynamicCache.update()` disposes of what has a successor and says that it is in a GPU's buffer. */
async function generate(steps: number, held: Set<OrtValue>): Promise<number[]> {
  const sums: number[] = [];
  let cache: Tensor = rows(0, 0);
  for (let step = 1; step <= steps; step++) {
    const { [present]: next, sum } = await session.run({ [past]: cache, row: rows(1, step) }, held);
    if (cache.location === 'gpu-buffer') cache.dispose();
    cache = next!;
    sums.push(sum!.data[0] as number);
  }
  return sums;
}

describe('a session of the facade', () => {
  it('has what transformers.js reads, and takes the configuration it writes', () => {
    session.config = { dtype: 'q8' };
    expect(session).toMatchObject({
      inputNames: [past, 'row'],
      outputNames: [present, 'sum'],
      inputMetadata: [
        { name: past, isTensor: true, type: 'float32', shape: ['batch', 'past', 4] },
        { name: 'row', isTensor: true, type: 'float32', shape: ['batch', 1, 4] },
      ],
      config: { dtype: 'q8' },
    });
  });

  it('is not made without the files of the runtime', async () => {
    const missing = new Error('no wasm');
    vi.mocked(startOnnxRuntime).mockRejectedValue(missing);
    await expect(InferenceSession.create(createCacheGraph(), {})).rejects.toBe(missing);
  });

  it('copies every result where nobody holds any', async () => {
    const results = await session.run({ [past]: rows(1, 2), row: rows(1, 1) });
    expect(results[present]).toMatchObject({ location: 'cpu', dims: [1, 2, 4] });
    expect(results[present]!.data).toEqual(Float32Array.of(2, 2, 2, 2, 1, 1, 1, 1));
    expect(runtime.tensors.size).toBe(0);
  });

  it('leaves out what an encoder attends to, which nobody reads', async () => {
    const encoder = await InferenceSession.create(createAttentiveGraph(), {});
    expect(encoder.outputNames).toEqual(['last_hidden_state', 'encoder_attentions.0']);
    const results = await encoder.run({ given: new Tensor('float32', Float32Array.of(1, -2), [2]) });
    expect(Object.keys(results)).toEqual(['last_hidden_state']);
    expect(results['last_hidden_state']!.data).toEqual(Float32Array.of(-1, 2));
    await encoder.release();
  });

  it('fails with the words of the runtime, and works on', async () => {
    const wrong = new Tensor('float32', new Float32Array(3), [1, 1, 3]);
    await expect(session.run({ [past]: rows(0, 0), row: wrong })).rejects.toThrow(/row.*index: 2/s);
    expect((await session.run({ [past]: rows(0, 0), row: rows(1, 1) }))['sum']!.data).toEqual(Float32Array.of(4));
  });

  it('forgets who wanted to stop a run when the run has ended, well or not', async () => {
    await session.run({ [past]: rows(0, 0), row: rows(1, 1) });
    expect(forgetInterrupt).toHaveBeenCalledTimes(1);
    const wrong = new Tensor('float32', new Float32Array(3), [1, 1, 3]);
    await expect(session.run({ [past]: rows(0, 0), row: wrong })).rejects.toThrow();
    expect(forgetInterrupt).toHaveBeenCalledTimes(2);
  });
});

describe('key-values', () => {
  it('stay in the memory of the runtime, at most two at a time, and never in that of JavaScript', async () => {
    const held = new Set<OrtValue>();
    const copied = vi.spyOn(runtime.heap.module, '_malloc');
    expect(await generate(5, held)).toEqual([4, 12, 24, 40, 60]);
    const sizes = copied.mock.calls.map(([size]) => size);
    // The first cache, which is empty, and a row for each step.
    expect(sizes.filter((size) => size !== 16)).toEqual([0]);
    expect(runtime.tensors.size).toBe(1);
    expect(held.size).toBe(1);
    for (const value of held) value.release();
    copied.mockRestore();
  });

  it('do not let the memory grow over 50 generations', async () => {
    const size = () => runtime.heap.bytes().byteLength;
    const write = async () => {
      const held = new Set<OrtValue>();
      await generate(40, held);
      for (const value of held) value.release();
    };
    await write();
    const after = size();
    for (let generation = 0; generation < 50; generation++) await write();
    expect(size()).toBe(after);
  });

  it('are copied when they are read, once, and what is read is what counts from then on', async () => {
    const held = new Set<OrtValue>();
    const { [present]: cache } = await session.run({ [past]: rows(0, 0), row: rows(1, 1) }, held);
    const data = cache!.data as Float32Array;
    expect(data).toEqual(Float32Array.of(1, 1, 1, 1));
    expect(cache!.data).toBe(data);
    data[0] = 7;
    const { sum } = await session.run({ [past]: cache!, row: rows(1, 1) }, held);
    expect(sum!.data).toEqual(Float32Array.of(14));
    for (const value of held) value.release();
  });

  it('are there for a step that is run again', async () => {
    const held = new Set<OrtValue>();
    const { [present]: cache } = await session.run({ [past]: rows(0, 0), row: rows(1, 1) }, held);
    const run = vi.spyOn(runtime.heap.module, '_OrtRun').mockReturnValueOnce(1);
    await expect(session.run({ [past]: cache!, row: rows(1, 1) }, held)).rejects.toThrow();
    const { sum } = await session.run({ [past]: cache!, row: rows(1, 1) }, held);
    expect(run).toHaveBeenCalledTimes(2);
    expect(sum!.data).toEqual(Float32Array.of(8));
    for (const value of held) value.release();
    run.mockRestore();
  });
});
