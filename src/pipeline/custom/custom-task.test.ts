import { describe, expect, it } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import type { ImageSource } from '../../protocol/media.ts';
import type { Engine, Runtime } from '../../runtime/runtime.ts';
import { customTask } from './custom-task.ts';
import type { RunContext } from '../task-definition.ts';
import type { UntypedTaskModule } from './task-module.ts';

const engine: Engine = {
  dynamicallyQuantised: true,
  config: {},
  sampleRate: 16_000,
  tokenLengths: (texts) => texts.map(() => 1),
  tokenIds: () => [1],
  decode: () => '',
  outputs: [],
  maskToken: undefined,
  forward: async () => ({}),
  run: async (inputs) => inputs.length,
  write: () => Promise.reject(new Error('It writes nothing.')),
  dispose: async () => {},
};

/** Runs a module's task once, as the worker does. */
async function runOnce(run: UntypedTaskModule['run'], input: unknown = 'in', given: Partial<RunContext> = {}) {
  const emitted: unknown[] = [];
  const asked: unknown[] = [];
  const runtime = {
    load: async ({ task }: { task: string }) => {
      asked.push(task);
      return engine;
    },
  } as unknown as Runtime;
  const definition = customTask('trial', { engine: 'text-classification', run });
  const loaded = await definition.load(runtime, { dtypes: {}, files: async () => undefined });
  const context: RunContext = {
    signal: new AbortController().signal,
    step: (work) => work(),
    streaming: false,
    emit: (chunk) => void emitted.push(chunk),
    keptUp: async () => {},
    progress: () => {},
    ...given,
  };
  return { ...(await loaded.run([input], { least: 1 }, context)), emitted, asked };
}

describe('customTask', () => {
  it('runs the module on the engine it names, with the input, the options and the call', async () => {
    const { value, emitted, asked } = await runOnce(async (given, input, options, context) => {
      context.emit('piece');
      return { ran: await given.run([input], {}, context), input, options };
    });
    expect(value).toEqual({ ran: 1, input: 'in', options: { least: 1 } });
    expect(emitted).toEqual(['piece']);
    expect(asked).toEqual(['text-classification']);
  });

  it('transfers whole buffers of the result', async () => {
    const { value, transfer } = await runOnce(async () => ({ data: Float32Array.of(1, 2), text: 'x' }));
    expect(value).toEqual({ data: Float32Array.of(1, 2), text: 'x' });
    expect(transfer).toEqual([(value as { data: Float32Array }).data.buffer]);
  });

  it('opens images and sound', async () => {
    const image: ImageSource = { kind: 'image-pixels', data: new Uint8ClampedArray(16), width: 2, height: 2 };
    const seen = await runOnce(async (_engine, input, _options, context) => {
      const { pixels, width, height } = await context.image(input);
      return [pixels.length, width, height];
    }, image);
    expect(seen.value).toEqual([16, 2, 2]);
    const sound = { kind: 'audio-samples', channels: [Float32Array.of(0.5, 0.25)], rate: 0 };
    const heard = await runOnce(async (_engine, input, _options, context) => [...(await context.audio(input))], sound);
    expect(heard.value).toEqual([0.5, 0.25]);
  });

  it.each([
    [new RangeError('out of eggs'), { code: 'TASK_FAILED', message: 'out of eggs' }],
    ['no eggs', { code: 'TASK_FAILED', message: 'no eggs' }],
    [undefined, { code: 'TASK_FAILED', message: 'undefined' }],
    [Object.assign(new Error('x'), { code: 'INPUT_INVALID', hint: 'y' }), { code: 'INPUT_INVALID', hint: 'y' }],
    [Object.assign(new Error('x'), { code: 'WORKER_CRASHED' }), { code: 'TASK_FAILED', message: 'x' }],
    [new InsituError('OUT_OF_MEMORY', 'x', { hint: 'y' }), { code: 'OUT_OF_MEMORY', message: 'x' }],
  ])('gives what is thrown a code: %s', async (thrown, record) => {
    await expect(runOnce(() => Promise.reject(thrown))).rejects.toMatchObject(record);
  });

  it('names whose result cannot leave the worker', async () => {
    await expect(runOnce(async () => () => 1)).rejects.toMatchObject({
      code: 'TASK_FAILED',
      hint: expect.stringContaining('"trial"'),
    });
  });

  it('gives the reason of an abort, whatever the module makes of it', async () => {
    const signal = AbortSignal.abort('enough');
    await expect(runOnce(() => Promise.reject(new Error('else')), 'in', { signal })).rejects.toBe('enough');
  });
});
