import { describe, expect, it, vi } from 'vitest';
import type { TextEngine } from '../runtime/runtime.ts';
import { runBuckets } from './run-buckets.ts';
import type { RunContext } from './task-definition.ts';

/** An engine whose result names the texts it ran; a text has as many tokens as letters. */
function createEngine(given: Partial<TextEngine> = {}) {
  const run = vi.fn(async (texts: string[]): Promise<unknown> => texts.join('+'));
  const tokenLengths = vi.fn((texts: readonly string[]) => {
    // As transformers.js has it.
    if (texts.length === 0) throw new Error('text array must be non-empty');
    return texts.map((text) => text.length);
  });
  const engine: TextEngine = { dynamicallyQuantised: false, tokenLengths, run, dispose: async () => {}, ...given };
  return { engine, run, tokenLengths };
}

/** Steps whose turn it always is. */
const atOnce: RunContext['step'] = (work) => work();

describe('runBuckets', () => {
  it('runs texts of one length together, and tells whose each result is', async () => {
    const { engine, run } = createEngine();
    const taken: unknown[] = [];
    const options = { pooling: 'mean' };
    await runBuckets(engine, ['aa', 'bbbbbbbb', 'cc', 'dddddddd'], options, atOnce, (result, indices) =>
      taken.push([result, indices]),
    );
    expect(taken).toEqual([
      ['bbbbbbbb+dddddddd', [1, 3]],
      ['aa+cc', [0, 2]],
    ]);
    expect(run.mock.calls.map((call) => (call as unknown[])[1])).toEqual([options, options]);
  });

  it('never runs two buckets at once', async () => {
    let running = 0;
    const { engine } = createEngine({
      async run() {
        expect(++running).toBe(1);
        await new Promise((resolve) => setTimeout(resolve));
        running--;
      },
    });
    await runBuckets(engine, ['a', 'bbbbbb', 'cccccccccccc'], {}, atOnce, () => {});
    expect(running).toBe(0);
  });

  it('runs every text of a dynamically quantised graph alone and in order, though their lengths are equal', async () => {
    const { engine, run, tokenLengths } = createEngine({ dynamicallyQuantised: true });
    const taken: unknown[] = [];
    await runBuckets(engine, ['aa', 'bb', 'c'], {}, atOnce, (_, indices) => taken.push(indices));
    expect(run.mock.calls.map(([texts]) => texts)).toEqual([['aa'], ['bb'], ['c']]);
    expect(taken).toEqual([[0], [1], [2]]);
    expect(tokenLengths).not.toHaveBeenCalled();
  });

  it('does not tokenise a single text twice', async () => {
    const { engine, run, tokenLengths } = createEngine();
    await runBuckets(engine, ['alone'], {}, atOnce, () => {});
    expect(run).toHaveBeenCalledOnce();
    expect(tokenLengths).not.toHaveBeenCalled();
  });

  it.each([true, false])('asks the engine for nothing where the batch is empty (quantised: %s)', async (quantised) => {
    const { engine, run } = createEngine({ dynamicallyQuantised: quantised });
    await runBuckets(engine, [], {}, atOnce, () => {});
    expect(run).not.toHaveBeenCalled();
  });

  it('lets a message in between two buckets, so that an abort of the page can stop the batch', async () => {
    const texts = Array.from({ length: 8 }, () => 'text');
    const { port1, port2 } = new MessageChannel();
    const controller = new AbortController();
    port1.onmessage = () => controller.abort('enough');
    const run = vi.fn(async () => {
      if (run.mock.calls.length === 2) port2.postMessage('abort');
    });
    const { engine } = createEngine({ dynamicallyQuantised: true, run });
    const step: RunContext['step'] = async (work) => {
      controller.signal.throwIfAborted();
      return work();
    };
    try {
      await expect(runBuckets(engine, texts, {}, step, () => {})).rejects.toBe('enough');
    } finally {
      port1.close();
    }
    expect(run.mock.calls.length).toBeLessThan(5);
  });

  it('takes its turn for every bucket, and computes nothing before it', async () => {
    const { engine, run } = createEngine();
    const turns: (() => void)[] = [];
    const step = vi.fn(async (work: () => Promise<unknown>) => {
      await new Promise<void>((resolve) => turns.push(resolve));
      return work();
    }) as RunContext['step'];
    const taken: unknown[] = [];
    const running = runBuckets(engine, ['aa', 'bbbbbbbb', 'cc'], {}, step, (result) => taken.push(result));
    expect(turns).toHaveLength(1);
    expect(run).not.toHaveBeenCalled();
    turns.shift()!();
    await vi.waitFor(() => expect(turns).toHaveLength(1), { interval: 1 });
    expect(taken).toEqual(['bbbbbbbb']);
    expect(run).toHaveBeenCalledOnce();
    turns.shift()!();
    await running;
    expect(taken).toEqual(['bbbbbbbb', 'aa+cc']);
    expect(step).toHaveBeenCalledTimes(2);
  });

  it('ends with the turn that does not come', async () => {
    const { engine, run } = createEngine();
    const take = vi.fn();
    await expect(runBuckets(engine, ['a'], {}, () => Promise.reject(new Error('enough')), take)).rejects.toThrow(
      'enough',
    );
    expect(run).not.toHaveBeenCalled();
    expect(take).not.toHaveBeenCalled();
  });

  it('stops at the bucket that fails', async () => {
    const run = vi.fn(async () => Promise.reject(new Error('out of luck')));
    const { engine } = createEngine({ dynamicallyQuantised: true, run });
    const take = vi.fn();
    await expect(runBuckets(engine, ['a', 'b'], {}, atOnce, take)).rejects.toThrow('out of luck');
    expect(run).toHaveBeenCalledOnce();
    expect(take).not.toHaveBeenCalled();
  });
});
