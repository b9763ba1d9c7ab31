import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { GraphSignature, SessionTensor } from '../../protocol/session.ts';
import type { RunOfModel } from '../models/dispatcher.ts';
import type { ModelHandle, ModelHost } from '../models/model-host.ts';
import { openSession } from './open-session.ts';

const signature: GraphSignature = {
  inputs: [{ name: 'x', type: 'float32', dims: ['n'] }],
  outputs: [{ name: 'y', type: 'float32', dims: ['n'] }],
};
const x = (...values: number[]): SessionTensor => ({
  type: 'float32',
  data: Float32Array.from(values),
  dims: [values.length],
});
const answer = { y: x(7) };

const run = vi.fn<(given: RunOfModel) => Promise<unknown>>();
const dispose = vi.fn(async () => {});
const load = vi.fn<ModelHost['load']>();
const requireOpen = vi.fn();
const host = { load } as Partial<ModelHost> as ModelHost;

beforeEach(() => {
  vi.clearAllMocks();
  run.mockImplementation(async ({ inputs }) => (inputs.length === 0 ? signature : answer));
  load.mockResolvedValue({ plan: { device: 'wasm' }, run, dispose } as unknown as ModelHandle);
});

const open = (...given: Parameters<typeof openSession> extends [unknown, ...infer Rest] ? Rest : never) =>
  openSession({ host, hub: {}, requireOpen, perform: (handle, asked) => handle.run(asked) }, ...given);

describe('openSession', () => {
  it('loads the graph as a model, and asks it what it takes and gives', async () => {
    const session = await open('org/name', { file: 'net.onnx', concurrency: 2, isolate: true, revision: 'v1' });
    expect(load).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({
        task: 'session',
        graph: 'net.onnx',
        location: expect.objectContaining({ revision: 'v1' }),
      }),
      { replicas: 1, concurrency: 2, isolate: true },
      { signal: undefined, onEvent: undefined },
    );
    expect(session).toMatchObject({ ...signature, model: 'org/name', plan: { device: 'wasm' } });
  });

  it('is not open where the graph cannot tell, and frees the model', async () => {
    const failure = new Error('gone');
    run.mockRejectedValue(failure);
    await expect(open('org/name')).rejects.toBe(failure);
    expect(dispose).toHaveBeenCalledOnce();
  });

  it('refuses unknown options, an aborted signal and a closed client before anything is loaded', async () => {
    await expect(open('org/name', { dtype: 'q8' } as object)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await expect(open('org/name', { signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
    requireOpen.mockImplementationOnce(() => {
      throw new Error('closed');
    });
    await expect(open('org/name')).rejects.toThrow('closed');
    expect(load).not.toHaveBeenCalled();
  });
});

describe('a session', () => {
  it('runs on tensors, with its priority, and copies them', async () => {
    const session = await open('org/name', { priority: 'background' });
    const feeds = { x: x(1, 2) };
    expect(await session.run(feeds, { outputs: ['y'] })).toEqual(answer);
    const given = run.mock.lastCall![0];
    expect(given).toMatchObject({ priority: 'background', inputs: [feeds], options: { outputs: ['y'] } });
    expect(given.transfer).toBeUndefined();
    await session.run(feeds, { priority: 'interactive' });
    expect(run.mock.lastCall![0].priority).toBe('interactive');
  });

  it('hands whole arrays over when it is told to, and cuts parts out of larger ones', async () => {
    const session = await open('org/name');
    const whole = x(1, 2);
    await session.run({ x: whole }, { transfer: true });
    expect(run.mock.lastCall![0].transfer).toEqual([(whole.data as Float32Array).buffer]);

    const larger = Float32Array.of(9, 1, 2, 9);
    await session.run({ x: { type: 'float32', data: larger.subarray(1, 3), dims: [2] } }, { transfer: true });
    const { inputs, transfer } = run.mock.lastCall![0];
    const { data } = (inputs[0] as { x: SessionTensor }).x;
    expect(data).toEqual(Float32Array.of(1, 2));
    expect((data as Float32Array).byteLength).toBe((data as Float32Array).buffer.byteLength);
    expect(transfer).toEqual([(data as Float32Array).buffer]);
    expect(transfer![0]).not.toBe(larger.buffer);
  });

  it('sends nothing that does not fit', async () => {
    const session = await open('org/name');
    run.mockClear();
    await expect(session.run({})).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(session.run({ x: x(1) }, { outputs: ['z'] })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await expect(session.run({ x: x(1) }, { stream: true } as object)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
    await expect(session.run({ x: x(1) }, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
    expect(run).not.toHaveBeenCalled();
  });

  it('is disposed of once', async () => {
    const session = await open('org/name');
    await Promise.all([session.dispose(), session[Symbol.asyncDispose]()]);
    expect(dispose).toHaveBeenCalledOnce();
  });
});
