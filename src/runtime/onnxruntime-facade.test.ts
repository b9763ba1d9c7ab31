import { beforeEach, describe, expect, it, vi } from 'vitest';
import { InferenceSession } from './onnxruntime-facade.ts';
import { forgetInterrupt } from './interrupt.ts';
import { startOnnxRuntime } from './onnx-runtime.ts';

const ort = vi.hoisted(() => ({ create: vi.fn() }));
vi.mock('onnxruntime-web/wasm', () => ({ InferenceSession: { create: ort.create }, Tensor: class {} }));
vi.mock('./onnx-runtime.ts', () => ({ startOnnxRuntime: vi.fn() }));
vi.mock('./interrupt.ts', () => ({ forgetInterrupt: vi.fn() }));

const damaged = new Error('protobuf parsing failed');

function createOrtSession() {
  return {
    inputNames: ['input_ids'],
    outputNames: ['logits'],
    inputMetadata: ['in'],
    outputMetadata: ['out'],
    run: async (feeds: { bad?: boolean }) => {
      if (feeds.bad) throw new Error('bad feeds');
      return { logits: [1, 2] };
    },
    release: vi.fn(async () => {}),
  };
}

beforeEach(() => {
  ort.create.mockReset().mockImplementation(async (model: string) => {
    if (model === 'damaged') throw damaged;
    return createOrtSession();
  });
  vi.mocked(startOnnxRuntime).mockReset().mockResolvedValue();
  vi.mocked(forgetInterrupt).mockClear();
});

const load = (model: string) => InferenceSession.create(model as never, {});

describe('a load', () => {
  it('gives each of several at once its own outcome', async () => {
    const outcomes = await Promise.allSettled(['good', 'damaged', 'good', 'damaged'].map(load));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    await expect(load('damaged')).rejects.toBe(damaged);
  });

  it('without the files of the runtime does not ask the runtime, which would remember it', async () => {
    const missing = new Error('no wasm');
    vi.mocked(startOnnxRuntime).mockRejectedValue(missing);
    await expect(load('good')).rejects.toBe(missing);
    expect(ort.create).not.toHaveBeenCalled();
    vi.mocked(startOnnxRuntime).mockResolvedValue();
    await expect(load('good')).resolves.toBeDefined();
  });
});

describe('a session of the facade', () => {
  it('has what transformers.js reads, and takes the configuration it writes', async () => {
    const session = await load('good');
    session.config = { dtype: 'q8' };
    expect(session).toMatchObject({
      inputNames: ['input_ids'],
      outputNames: ['logits'],
      inputMetadata: ['in'],
      outputMetadata: ['out'],
      config: { dtype: 'q8' },
    });
  });

  it('survives a run that fails, and forgets an interrupt with either', async () => {
    const session = await load('good');
    expect(await session.run({})).toEqual({ logits: [1, 2] });
    await expect(session.run({ bad: true } as never)).rejects.toThrow('bad feeds');
    expect(await session.run({})).toEqual({ logits: [1, 2] });
    expect(forgetInterrupt).toHaveBeenCalledTimes(3);
  });

  it('releases the session below', async () => {
    const below = createOrtSession();
    ort.create.mockResolvedValue(below);
    await (await load('good')).release();
    expect(below.release).toHaveBeenCalledOnce();
  });
});
