import { describe, expect, it, vi } from 'vitest';
import type { Embeddings } from '../../protocol/tasks/text-tasks.ts';
import type { RunOfModel } from './dispatcher.ts';
import { spreadRun } from './spread-run.ts';

const given: RunOfModel = { inputs: [], options: { topK: 2 }, priority: 'background' };

/** Runs a batch, and notes the parts it was given in. */
async function spread(
  input: unknown,
  replicas: number,
  answer: (texts: string[], part: RunOfModel) => unknown = (texts) => texts.map((text) => `label of ${text}`),
) {
  const parts: string[][] = [];
  const perform = async (part: RunOfModel) => {
    const [texts] = part.inputs as [string[]];
    parts.push(texts);
    return answer(texts, part);
  };
  return { result: await spreadRun({ ...given, inputs: [input] }, replicas, perform), parts };
}

const texts = (...lengths: number[]) => lengths.map((length, index) => String(index).padEnd(length, '.'));

describe('a batch', () => {
  it('is answered in the order of its inputs', async () => {
    const input = texts(3, 30, 7, 12, 1, 9, 22, 4, 15, 6, 2);
    const { result, parts } = await spread(input, 2);
    expect(parts.length).toBeGreaterThan(2);
    expect(result).toEqual(input.map((text) => `label of ${text}`));
  });

  it('is given in four parts for each copy at most, of texts of similar length, the longest first', async () => {
    const input = texts(...Array.from({ length: 24 }, (_, index) => 5 + ((index * 7) % 24)));
    const { parts } = await spread(input, 2);
    const lengths = parts.map((part) => part.map(({ length }) => length));
    expect(lengths).toEqual([
      [28, 27, 26],
      [25, 24, 23],
      [22, 21, 20],
      [19, 18, 17],
      [16, 15, 14],
      [13, 12, 11],
      [10, 9, 8],
      [7, 6, 5],
    ]);
  });

  it.each([2, 3, 7, 8, 9, 15, 16, 17])('of %i inputs loses none', async (count) => {
    const input = texts(...Array.from({ length: count }, (_, index) => (index * 5) % 11));
    const { result, parts } = await spread(input, 2);
    expect(parts.length).toBeLessThanOrEqual(8);
    expect(parts.flat().sort()).toEqual([...input].sort());
    expect(result).toHaveLength(count);
  });

  it('has the same text twice where it was given twice', async () => {
    const { result } = await spread(['same', 'other', 'same'], 2, (part) => part.map((text) => text.toUpperCase()));
    expect(result).toEqual(['SAME', 'OTHER', 'SAME']);
  });

  it('passes on what a run has besides its input', async () => {
    const seen: RunOfModel[] = [];
    await spread(['one', 'two'], 2, (part, run) => {
      seen.push(run);
      return part;
    });
    expect(seen.map(({ options, priority }) => ({ options, priority }))).toEqual([
      { options: given.options, priority: 'background' },
      { options: given.options, priority: 'background' },
    ]);
  });

  it('of something else than texts keeps its order', async () => {
    const input = ['a', 'b', 'c'].map((id) => ({ kind: 'image-blob', id }));
    const perform = vi.fn(async ({ inputs }: RunOfModel) => inputs[0]);
    expect(await spreadRun({ ...given, inputs: [input] }, 2, perform)).toEqual(input);
    expect(perform).toHaveBeenCalledTimes(3);
  });
});

describe('a batch of embeddings', () => {
  it('is one tensor with a row for each text', async () => {
    const { result } = await spread(texts(4, 2, 9, 7), 2, (part): Embeddings => {
      const data = Float32Array.from(part.flatMap((text) => [Number(text[0]), text.length]));
      return { data, dims: [part.length, 2] };
    });
    expect(result).toEqual({ data: Float32Array.of(0, 4, 1, 2, 2, 9, 3, 7), dims: [4, 2] });
  });

  it('of unequal length fills the shorter rows with 0', async () => {
    // A vector of one number for each token, as without pooling: a part is as long as its longest text.
    const { result } = await spread(['bb', 'dddd', 'a', 'ccc'], 1, (part): Embeddings => {
      const most = Math.max(...part.map(({ length }) => length));
      const rows = part.flatMap((text) =>
        Array.from({ length: most }, (_, at) => (at < text.length ? text.length : 0)),
      );
      return { data: Float32Array.from(rows), dims: [part.length, most, 1] };
    });
    expect(result).toEqual({
      data: Float32Array.of(...[2, 2, 0, 0], ...[4, 4, 4, 4], ...[1, 0, 0, 0], ...[3, 3, 3, 0]),
      dims: [4, 4, 1],
    });
  });
});

describe('what is no batch', () => {
  it.each([
    ['one text', 'text'],
    ['a list of one', ['text']],
    ['an empty list', []],
  ])('goes to one copy as it is: %s', async (_, input) => {
    const run = { ...given, inputs: [input] };
    const perform = vi.fn(async () => 'answer');
    expect(await spreadRun(run, 4, perform)).toBe('answer');
    expect(perform).toHaveBeenCalledExactlyOnceWith(run);
  });
});

describe('a part that fails', () => {
  it('fails the batch, and stops the other parts', async () => {
    const why = new Error('out of luck');
    const stopped: unknown[] = [];
    const perform = ({ inputs, signal }: RunOfModel) =>
      new Promise<never>((_, reject) => {
        signal!.addEventListener('abort', () => stopped.push(signal!.reason));
        if ((inputs[0] as string[])[0] === 'bad') reject(why);
      });
    await expect(spreadRun({ ...given, inputs: [['good', 'bad', 'better']] }, 2, perform)).rejects.toBe(why);
    expect(stopped).toEqual([why, why, why]);
  });

  it('before the others have begun fails the batch too', async () => {
    const perform = () => {
      throw new Error('the queue is full');
    };
    await expect(spreadRun({ ...given, inputs: [['one', 'two']] }, 2, perform)).rejects.toThrow('the queue is full');
  });
});

describe('an abort of a batch', () => {
  it('reaches every part with its reason', async () => {
    const controller = new AbortController();
    const perform = ({ signal }: RunOfModel) =>
      new Promise<never>((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
    const running = spreadRun({ ...given, inputs: [['one', 'two']], signal: controller.signal }, 2, perform);
    const why = { any: 'reason' };
    controller.abort(why);
    await expect(running).rejects.toBe(why);
  });
});
