import { describe, expect, it, vi } from 'vitest';
import type { HearChunk } from './pipeline.ts';
import { createResultStream } from './result-stream.ts';

/** A run that the test speaks for, and a stream of it. */
function stream(given?: AbortSignal) {
  let hear!: HearChunk;
  let settle!: { resolve(value: string): void; reject(reason: unknown): void };
  let signal!: AbortSignal;
  const read = createResultStream<number, string>(given, (own, onChunk) => {
    signal = own;
    hear = onChunk;
    return new Promise((resolve, reject) => {
      settle = { resolve, reject };
      own.addEventListener('abort', () => reject(own.reason));
    });
  });
  const taken: number[] = [];
  return {
    read,
    taken,
    signal,
    tell: (...chunks: number[]) => chunks.forEach((chunk) => hear(chunk, () => taken.push(chunk))),
    ...settle,
  };
}

async function readAll<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const chunk of stream) all.push(chunk);
  return all;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a stream of results', () => {
  it('gives what is told, in order, and the result at the end', async () => {
    const { read, tell, resolve } = stream();
    const reading = readAll(read);
    tell(1, 2);
    await turn();
    tell(3);
    resolve('all');
    expect(await reading).toEqual([1, 2, 3]);
    expect(await read.result).toBe('all');
  });

  it('gives also what nobody has read before the end', async () => {
    const { read, tell, resolve } = stream();
    tell(1, 2, 3);
    resolve('all');
    await read.result;
    expect(await readAll(read)).toEqual([1, 2, 3]);
  });

  it('is a ReadableStream like any other', async () => {
    const { read, tell, resolve } = stream();
    const doubled = read.pipeThrough(
      new TransformStream<number, number>({ transform: (chunk, controller) => controller.enqueue(chunk * 2) }),
    );
    tell(1, 2);
    resolve('all');
    const reader = doubled.getReader();
    expect([await reader.read(), await reader.read(), await reader.read()]).toEqual([
      { done: false, value: 2 },
      { done: false, value: 4 },
      { done: true, value: undefined },
    ]);
  });
});

describe('back-pressure', () => {
  it('asks for nothing while nobody reads', async () => {
    const { tell, taken } = stream();
    tell(1, 2, 3);
    await turn();
    expect(taken).toEqual([]);
  });

  it('asks for another piece with each that is read, also of those that came together', async () => {
    const { read, tell, taken } = stream();
    const reader = read.getReader();
    tell(...Array.from({ length: 40 }, (_, chunk) => chunk));
    for (let chunk = 0; chunk < 40; chunk++) {
      expect((await reader.read()).value).toBe(chunk);
      await turn();
      expect(taken).toHaveLength(chunk + 1);
    }
  });

  it('asks at once for what was waited for', async () => {
    const { read, tell, taken } = stream();
    const reader = read.getReader();
    const reading = reader.read();
    tell(1);
    await reading;
    await turn();
    expect(taken).toEqual([1]);
    tell(2);
    await turn();
    expect(taken).toEqual([1]);
  });
});

describe('whoever leaves a stream', () => {
  it('by breaking out of the loop stops the run', async () => {
    const { read, tell, signal } = stream();
    tell(1, 2, 3);
    for await (const chunk of read) if (chunk === 2) break;
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toMatchObject({ name: 'AbortError' });
    await expect(read.result).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('by throwing in the loop stops the run, and throws that', async () => {
    const { read, tell, signal } = stream();
    tell(1);
    const loop = async () => {
      for await (const chunk of read) throw new Error(`no ${chunk}`);
    };
    await expect(loop()).rejects.toThrow('no 1');
    expect(signal.aborted).toBe(true);
  });

  it('by cancel() stops the run with its reason', async () => {
    const { read, tell, signal } = stream();
    await read.cancel('enough');
    expect(signal.reason).toBe('enough');
    await expect(read.result).rejects.toBe('enough');
    expect(() => tell(1), 'what was on its way').not.toThrow();
  });

  it('after the end stops nothing', async () => {
    const { read, tell, resolve, signal } = stream();
    tell(1);
    resolve('all');
    await read.result;
    for await (const chunk of read) void chunk;
    expect(signal.aborted).toBe(false);
  });
});

describe('what ends a stream', () => {
  it('is heard by whoever reads, and by whoever waits for the result', async () => {
    const { read, tell, reject } = stream();
    tell(1);
    const why = new Error('out of luck');
    const reading = readAll(read);
    reject(why);
    await expect(reading).rejects.toBe(why);
    await expect(read.result).rejects.toBe(why);
  });

  it('does not count as unhandled where only the stream is read', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { read, reject } = stream();
    reject(new Error('out of luck'));
    await readAll(read).catch(() => {});
    await turn();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('is the abort of the signal that it was given', async () => {
    const controller = new AbortController();
    const { read, signal, tell } = stream(controller.signal);
    tell(1);
    const why = { any: 'reason' };
    controller.abort(why);
    expect(signal.reason).toBe(why);
    await expect(read.result).rejects.toBe(why);
    await expect(readAll(read)).rejects.toBe(why);
  });

  it('is refused with the other options where it is no signal', () => {
    const seen: unknown[] = [];
    createResultStream('stop' as never, async (signal) => void seen.push(signal));
    expect(seen).toEqual(['stop']);
  });
});
