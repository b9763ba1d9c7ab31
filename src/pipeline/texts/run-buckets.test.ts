import { describe, expect, it, vi } from 'vitest';
import { createContext, createEngine as createFakeEngine } from '../fake-engine.conformance.ts';
import { runBuckets } from './run-buckets.ts';

/** A text has as many tokens as letters. */
function createEngine(dynamicallyQuantised = false) {
  const tokenLengths = vi.fn((texts: readonly string[]) => {
    // As transformers.js has it.
    if (texts.length === 0) throw new Error('text array must be non-empty');
    return texts.map((text) => text.length);
  });
  return { engine: createFakeEngine({ dynamicallyQuantised, tokenLengths }), tokenLengths };
}

/** Gives the names of its texts. */
const createRun = () => vi.fn(async (texts: string[]) => texts.join('+'));

describe('runBuckets', () => {
  it('runs texts of one length together, and tells whose each result is', async () => {
    const { engine } = createEngine();
    const run = createRun();
    const taken: unknown[] = [];
    await runBuckets(engine, ['aa', 'bbbbbbbb', 'cc', 'dddddddd'], {}, createContext(), run, (result, indices) =>
      taken.push([result, indices]),
    );
    expect(taken).toEqual([
      ['bbbbbbbb+dddddddd', [1, 3]],
      ['aa+cc', [0, 2]],
    ]);
    expect(run.mock.calls).toEqual([
      [
        ['bbbbbbbb', 'dddddddd'],
        [1, 3],
      ],
      [
        ['aa', 'cc'],
        [0, 2],
      ],
    ]);
  });

  it('never runs two buckets at once', async () => {
    let running = 0;
    const run = vi.fn(async () => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve));
      running--;
    });
    await runBuckets(createEngine().engine, ['a', 'bbbbbb', 'cccccccccccc'], {}, createContext(), run, () => {});
    expect(run).toHaveBeenCalledTimes(3);
    expect(running).toBe(0);
  });

  it('runs every text of a dynamically quantised graph alone and in order, though their lengths are equal', async () => {
    const { engine, tokenLengths } = createEngine(true);
    const run = createRun();
    const taken: unknown[] = [];
    await runBuckets(engine, ['aa', 'bb', 'c'], {}, createContext(), run, (_, indices) => taken.push(indices));
    expect(run.mock.calls.map(([texts]) => texts)).toEqual([['aa'], ['bb'], ['c']]);
    expect(taken).toEqual([[0], [1], [2]]);
    expect(tokenLengths).not.toHaveBeenCalled();
  });

  it('does not tokenise a single text twice', async () => {
    const { engine, tokenLengths } = createEngine();
    const run = createRun();
    await runBuckets(engine, ['alone'], {}, createContext(), run, () => {});
    expect(run).toHaveBeenCalledOnce();
    expect(tokenLengths).not.toHaveBeenCalled();
  });

  it.each([true, false])('asks the engine for nothing where the batch is empty (quantised: %s)', async (quantised) => {
    const run = createRun();
    await runBuckets(createEngine(quantised).engine, [], {}, createContext(), run, () => {});
    expect(run).not.toHaveBeenCalled();
  });

  it.each([
    ['batchSize', { batchSize: 2 }, [2, 2, 1]],
    ['maxTokensPerBatch', { maxTokensPerBatch: 12 }, [3, 2]],
  ])('holds its buckets to %s', async (_, options, sizes) => {
    const run = createRun();
    const texts = ['aaaa', 'bbbb', 'cccc', 'dddd', 'eeee'];
    await runBuckets(createEngine().engine, texts, options, createContext(), run, () => {});
    expect(run.mock.calls.map(([bucket]) => bucket.length)).toEqual(sizes);
  });

  it('pads nothing where the result would show it', async () => {
    const texts = ['x'.repeat(40), 'x'.repeat(39)];
    const runs = async (options: object) => {
      const run = createRun();
      await runBuckets(createEngine().engine, texts, options, createContext(), run, () => {});
      return run.mock.calls.length;
    };
    expect(await runs({})).toBe(1);
    expect(await runs({ padding: 0 })).toBe(2);
  });

  it('tells after each bucket how many texts are done', async () => {
    const progress = vi.fn();
    const texts = ['aa', 'bbbbbbbb', 'cc'];
    await runBuckets(createEngine().engine, texts, {}, createContext({ progress }), createRun(), () => {});
    expect(progress.mock.calls).toEqual([
      [1, 3],
      [3, 3],
    ]);
  });

  it('waits with every bucket until its reader has kept up, and computes nothing before', async () => {
    const reads: (() => void)[] = [];
    const keptUp = () => new Promise<void>((resolve) => reads.push(resolve));
    const run = createRun();
    const taken: unknown[] = [];
    const texts = ['aa', 'bbbbbbbb', 'cc'];
    const running = runBuckets(createEngine().engine, texts, {}, createContext({ keptUp }), run, (result) =>
      taken.push(result),
    );
    expect(reads).toHaveLength(1);
    expect(run).not.toHaveBeenCalled();
    reads.shift()!();
    await vi.waitFor(() => expect(reads).toHaveLength(1), { interval: 1 });
    expect(taken).toEqual(['bbbbbbbb']);
    expect(run).toHaveBeenCalledOnce();
    reads.shift()!();
    await running;
    expect(taken).toEqual(['bbbbbbbb', 'aa+cc']);
  });

  it('ends with a reader that has left', async () => {
    const run = createRun();
    const take = vi.fn();
    const context = createContext({ keptUp: () => Promise.reject(new Error('enough')) });
    await expect(runBuckets(createEngine().engine, ['a'], {}, context, run, take)).rejects.toThrow('enough');
    expect(run).not.toHaveBeenCalled();
    expect(take).not.toHaveBeenCalled();
  });

  it('stops at the bucket that fails', async () => {
    const run = vi.fn(async () => Promise.reject(new Error('out of luck')));
    const take = vi.fn();
    const batch = runBuckets(createEngine(true).engine, ['a', 'b'], {}, createContext(), run, take);
    await expect(batch).rejects.toThrow('out of luck');
    expect(run).toHaveBeenCalledOnce();
    expect(take).not.toHaveBeenCalled();
  });
});
