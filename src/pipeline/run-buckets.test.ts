import { describe, expect, it, vi } from 'vitest';
import type { TextEngine } from '../runtime/runtime.ts';
import { runBuckets } from './run-buckets.ts';

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

const { signal: noAbort } = new AbortController();

describe('runBuckets', () => {
  it('runs texts of one length together, and tells whose each result is', async () => {
    const { engine, run } = createEngine();
    const taken: unknown[] = [];
    const options = { pooling: 'mean' };
    await runBuckets(engine, ['aa', 'bbbbbbbb', 'cc', 'dddddddd'], options, noAbort, (result, indices) =>
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
    await runBuckets(engine, ['a', 'bbbbbb', 'cccccccccccc'], {}, noAbort, () => {});
    expect(running).toBe(0);
  });

  it('runs every text of a dynamically quantised graph alone and in order, though their lengths are equal', async () => {
    const { engine, run, tokenLengths } = createEngine({ dynamicallyQuantised: true });
    const taken: unknown[] = [];
    await runBuckets(engine, ['aa', 'bb', 'c'], {}, noAbort, (_, indices) => taken.push(indices));
    expect(run.mock.calls.map(([texts]) => texts)).toEqual([['aa'], ['bb'], ['c']]);
    expect(taken).toEqual([[0], [1], [2]]);
    expect(tokenLengths).not.toHaveBeenCalled();
  });

  it('does not tokenise a single text twice', async () => {
    const { engine, run, tokenLengths } = createEngine();
    await runBuckets(engine, ['alone'], {}, noAbort, () => {});
    expect(run).toHaveBeenCalledOnce();
    expect(tokenLengths).not.toHaveBeenCalled();
  });

  it.each([true, false])('asks the engine for nothing where the batch is empty (quantised: %s)', async (quantised) => {
    const { engine, run } = createEngine({ dynamicallyQuantised: quantised });
    await runBuckets(engine, [], {}, noAbort, () => {});
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
    try {
      await expect(runBuckets(engine, texts, {}, controller.signal, () => {})).rejects.toBe('enough');
    } finally {
      port1.close();
    }
    expect(run.mock.calls.length).toBeLessThan(5);
  });

  it('runs nothing when the signal had aborted before', async () => {
    const { engine, run } = createEngine();
    await expect(runBuckets(engine, ['a'], {}, AbortSignal.abort('before'), () => {})).rejects.toBe('before');
    expect(run).not.toHaveBeenCalled();
  });

  it('stops at the bucket that fails', async () => {
    const run = vi.fn(async () => Promise.reject(new Error('out of luck')));
    const { engine } = createEngine({ dynamicallyQuantised: true, run });
    const take = vi.fn();
    await expect(runBuckets(engine, ['a', 'b'], {}, noAbort, take)).rejects.toThrow('out of luck');
    expect(run).toHaveBeenCalledOnce();
    expect(take).not.toHaveBeenCalled();
  });
});
