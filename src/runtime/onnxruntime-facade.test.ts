import { InferenceSession as OrtSession } from 'onnxruntime-web/wasm';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { InferenceSession, deferredFailure } from './onnxruntime-facade.ts';
import { startOnnxRuntime } from './onnx-runtime.ts';

const ort = vi.hoisted(() => ({ create: vi.fn() }));
vi.mock('onnxruntime-web/wasm', () => ({ InferenceSession: { create: ort.create }, Tensor: class {} }));
vi.mock('./onnx-runtime.ts', () => ({ startOnnxRuntime: vi.fn() }));

type Session = Record<string, unknown> & { run(feeds: object): Promise<Record<string, unknown>>; config?: unknown };

/**
 * How transformers.js 4.3.1 calls the runtime (`backends/onnx.js`): every load waits for the one before on one chain, every
 * run on another, and what comes out of the chain is touched afterwards, by the call it belongs to.
 */
function createTransformers(create: (model: string) => Promise<object>) {
  let loads: Promise<unknown> = Promise.resolve();
  let runs: Promise<unknown> = Promise.resolve();
  return {
    async load(model: string): Promise<Session> {
      const session = (await (loads = loads.then(() => create(model)))) as Session;
      session.config = { dtype: 'q8' };
      return session;
    },
    async run(session: Session, feeds: object): Promise<Record<string, unknown>> {
      const output = (await (runs = runs.then(() => session.run(feeds)))) as Record<string, unknown>;
      const outputs: Record<string, unknown> = {};
      for (const name in output) outputs[name] = output[name];
      return outputs;
    },
  };
}

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
});

const facade = (model: string) => InferenceSession.create(model as never, {});

describe('the chain of transformers.js', () => {
  it('is poisoned for ever by sessions that reject, which is why ours do not', async () => {
    const plain = createTransformers((model) => OrtSession.create(model));
    await plain.load('good');
    await expect(plain.load('damaged')).rejects.toBe(damaged);
    await expect(plain.load('good')).rejects.toBe(damaged);
  });

  it('survives a load that fails, and the load fails with its own error', async () => {
    const transformers = createTransformers(facade);
    await transformers.load('good');
    await expect(transformers.load('damaged')).rejects.toBe(damaged);
    const session = await transformers.load('good');
    expect(await transformers.run(session, {})).toEqual({ logits: [1, 2] });
  });

  it('survives a run that fails, and the run fails with its own error', async () => {
    const transformers = createTransformers(facade);
    const session = await transformers.load('good');
    expect(await transformers.run(session, {})).toEqual({ logits: [1, 2] });
    await expect(transformers.run(session, { bad: true })).rejects.toThrow('bad feeds');
    expect(await transformers.run(session, {})).toEqual({ logits: [1, 2] });
  });

  it('gives each of several loads at once its own outcome', async () => {
    const transformers = createTransformers(facade);
    const outcomes = await Promise.allSettled(['good', 'damaged', 'good', 'damaged'].map(transformers.load));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  });

  it('fails a load without the files of the runtime, and does not ask the runtime, which would remember it', async () => {
    const missing = new Error('no wasm');
    vi.mocked(startOnnxRuntime).mockRejectedValue(missing);
    const transformers = createTransformers(facade);
    await expect(transformers.load('good')).rejects.toBe(missing);
    expect(ort.create).not.toHaveBeenCalled();
  });
});

describe('a session of the facade', () => {
  it('has what transformers.js reads, and takes the configuration it writes', async () => {
    const session = (await facade('good')) as Session;
    session.config = { dtype: 'q8' };
    expect(session).toMatchObject({
      inputNames: ['input_ids'],
      outputNames: ['logits'],
      inputMetadata: ['in'],
      outputMetadata: ['out'],
      config: { dtype: 'q8' },
    });
  });

  it('releases the session below', async () => {
    const below = createOrtSession();
    ort.create.mockResolvedValue(below);
    const session = (await facade('good')) as { release(): Promise<void> };
    await session.release();
    expect(below.release).toHaveBeenCalledOnce();
  });
});

describe('deferredFailure', () => {
  const failure = deferredFailure(damaged) as Record<string, unknown>;

  it('passes through a promise untouched', async () => {
    expect((await Promise.resolve(failure)) === failure).toBe(true);
    expect((await Promise.resolve().then(() => failure)) === failure).toBe(true);
  });

  it.each<[string, () => unknown]>([
    ['reading', () => failure['logits']],
    ['writing', () => (failure['config'] = {})],
    ['looking for a name', () => 'logits' in failure],
    ['listing names', () => Object.keys(failure)],
    ['spreading', () => ({ ...failure })],
    [
      'looping',
      () => {
        for (const name in failure) return name;
        return undefined;
      },
    ],
    ['calling a method', () => (failure['run'] as () => void)()],
    ['making a text of it', () => String(failure)],
  ])('throws the failure on %s', (_, touch) => {
    expect(touch).toThrow(damaged);
  });
});
