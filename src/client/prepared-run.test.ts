import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InsituError } from '../errors/insitu-error.ts';
import type { InputKind } from '../protocol/worker-api.ts';
import type { RunOfModel } from './models/dispatcher.ts';
import { runPrepared } from './prepared-run.ts';
import { createFakeModelWorker } from './workers/fake-model-worker.conformance.ts';
import { retire } from './workers/retirement.ts';

const media = vi.hoisted(() => ({ prepareInput: vi.fn(), runLive: vi.fn() }));
vi.mock('./optional-part.ts', () => ({ askedUrl: () => undefined, loadPart: async () => media }));

const outOfMemory = () => new InsituError('OUT_OF_MEMORY', 'Too large.', { hint: 'Use less.' });

/** Why a run fails whose worker was ended for the sake of another. */
async function retirement(): Promise<InsituError> {
  const { worker } = createFakeModelWorker();
  await retire(worker, 'the other');
  return worker.death!;
}

beforeEach(() => {
  media.prepareInput.mockImplementation(async (input: unknown) => {
    const data = new ArrayBuffer(4);
    return { value: { kind: 'prepared', input, data }, transfer: [data] };
  });
});
afterEach(() => vi.clearAllMocks());

const given = (more: Partial<RunOfModel> = {}) => ({
  inputs: ['picture', ['cat', 'dog']],
  options: { topK: 2 },
  priority: 'normal' as const,
  ...more,
});

/** Runs a model that does this at its first, second, … attempt. */
function begin(takes: InputKind, attempts: ((run: RunOfModel) => Promise<unknown>)[], more: Partial<RunOfModel> = {}) {
  const run = vi.fn((own: RunOfModel) => attempts[run.mock.calls.length - 1]!(own));
  return { run, result: runPrepared({} as never, { takes, run }, given(more)) };
}

const fails = (error: unknown) => () => Promise.reject(error);
const gives = (value: unknown) => async () => value;

describe('what a model is given', () => {
  it('is sent as it is where an isolated worker does not say what it takes', async () => {
    const { run, result } = begin(undefined as never, [gives('answer')]);
    expect(await result).toBe('answer');
    expect(run.mock.calls[0]![0]).toMatchObject({ inputs: ['picture', ['cat', 'dog']] });
    expect(media.prepareInput).not.toHaveBeenCalled();
  });

  it('is text as it is, which needs no part of the library', async () => {
    const { run, result } = begin('text', [gives('answer')]);
    expect(await result).toBe('answer');
    expect(run.mock.calls[0]![0]).toMatchObject(given());
    expect(run.mock.calls[0]![0].transfer).toBeUndefined();
    expect(media.prepareInput).not.toHaveBeenCalled();
  });

  it.each(['image', 'audio'] as const)(
    'is an %s made ready, given away, and the other arguments as they are',
    async (takes) => {
      const controller = new AbortController();
      const { run, result } = begin(takes, [gives('answer')], { signal: controller.signal });
      expect(await result).toBe('answer');
      expect(media.prepareInput).toHaveBeenCalledExactlyOnceWith('picture', takes, controller.signal, undefined);
      const { inputs, transfer, options } = run.mock.calls[0]![0];
      expect(inputs).toEqual([{ kind: 'prepared', input: 'picture', data: transfer![0] }, ['cat', 'dog']]);
      expect(options).toEqual({ topK: 2 });
    },
  );

  it('is a track, block by block, where it hears one piece by piece, and a recording else', async () => {
    const track = { [Symbol.toStringTag]: 'MediaStreamTrack' };
    const heard = vi.fn();
    media.runLive.mockImplementation(async (_track, { run: runBlock, onChunk }) => {
      onChunk(await runBlock('block'), () => {});
      return ['all'];
    });
    const { run, result } = begin('live-audio', [gives('piece')], { inputs: [track, 'more'], onChunk: heard });
    expect(await result).toEqual(['all']);
    expect(media.runLive.mock.calls[0]![0]).toBe(track);
    expect(run.mock.calls[0]![0]).toMatchObject({ ...given(), inputs: ['block', 'more'], onChunk: undefined });
    expect(heard).toHaveBeenCalledExactlyOnceWith('piece', expect.any(Function));
    expect(media.prepareInput).not.toHaveBeenCalled();

    await begin('live-audio', [gives('answer')]).result;
    expect(media.prepareInput).toHaveBeenCalledExactlyOnceWith('picture', 'audio', undefined, undefined);
    expect(media.runLive).toHaveBeenCalledOnce();
  });

  it('is nothing where it cannot be made ready', async () => {
    const why = new InsituError('INPUT_INVALID', 'No image.', { hint: 'Pass one.' });
    media.prepareInput.mockRejectedValue(why);
    const { run, result } = begin('image', []);
    await expect(result).rejects.toBe(why);
    expect(run).not.toHaveBeenCalled();
  });
});

describe('a run whose worker was ended for the sake of another', () => {
  it('is begun anew, with inputs that are made ready anew', async () => {
    const why = await retirement();
    const { run, result } = begin('image', [fails(why), fails(why), gives('answer')]);
    expect(await result).toBe('answer');
    const buffers = run.mock.calls.map(([{ transfer }]) => transfer![0]);
    expect(new Set(buffers).size).toBe(3);
  });

  it('is not, when its caller handed its input over: that is gone', async () => {
    const { run, result } = begin('text', [fails(await retirement())], { transfer: [new ArrayBuffer(1)] });
    await expect(result).rejects.toMatchObject({ code: 'WORKER_CRASHED', retryable: true });
    expect(run).toHaveBeenCalledOnce();
  });

  it('is not, when some of its result was heard: that has crashed', async () => {
    const heard = vi.fn();
    const fail = fails(await retirement());
    const { run, result } = begin(
      'image',
      [
        ({ onChunk }) => {
          onChunk!('one', () => {});
          return fail();
        },
      ],
      { onChunk: heard },
    );
    await expect(result).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      retryable: true,
      message: expect.stringContaining('in the middle of the stream'),
    });
    expect(heard).toHaveBeenCalledOnce();
    expect(run).toHaveBeenCalledOnce();
  });

  it('is, when it is to be read but nothing was heard', async () => {
    const heard = vi.fn();
    const tell = async ({ onChunk }: RunOfModel) => {
      onChunk!('one', () => {});
      return 'answer';
    };
    const { result } = begin('audio', [fails(await retirement()), tell], { onChunk: heard });
    expect(await result).toBe('answer');
    expect(heard.mock.calls).toEqual([['one', expect.any(Function)]]);
  });
});

describe('a run without memory', () => {
  it('is begun anew once, for its inputs are gone', async () => {
    const { run, result } = begin('image', [fails(outOfMemory()), gives('answer')]);
    expect(await result).toBe('answer');
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('fails when it has none again', async () => {
    const last = outOfMemory();
    const { run, result } = begin('image', [fails(outOfMemory()), fails(last)]);
    await expect(result).rejects.toBe(last);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('of text was sent again before, and fails', async () => {
    const why = outOfMemory();
    const { run, result } = begin('text', [fails(why)]);
    await expect(result).rejects.toBe(why);
    expect(run).toHaveBeenCalledOnce();
  });
});

it('fails with what else goes wrong', async () => {
  const why = new InsituError('INPUT_INVALID', 'No labels.', { hint: 'Pass some.' });
  const { run, result } = begin('image', [fails(why)]);
  await expect(result).rejects.toBe(why);
  expect(run).toHaveBeenCalledOnce();
});
