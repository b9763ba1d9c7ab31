// @ts-check
import { expect, test } from 'vitest';
import { runParallel } from './run-parallel.mjs';

test('results come in the order of the items, so many at a time', async () => {
  let running = 0;
  let most = 0;
  const results = await runParallel([5, 4, 3, 2, 1], 2, async (item) => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < item; turn++) await Promise.resolve();
    running--;
    return item * 10;
  });
  expect(results).toEqual([50, 40, 30, 20, 10]);
  expect(most).toBe(2);
  expect(await runParallel([], 2, async () => 1)).toEqual([]);
});

test('the first failure stops the others, and nothing is left running', async () => {
  /** @type {string[]} */
  const events = [];
  const running = runParallel(['fails', 'waits', 'never'], 2, async (item, signal) => {
    events.push(item);
    if (item === 'fails') throw new Error('no');
    await new Promise((resolve) => void signal.addEventListener('abort', resolve));
    events.push('stopped');
    signal.throwIfAborted();
  });
  await expect(running).rejects.toThrow('no');
  expect(events).toEqual(['fails', 'waits', 'stopped']);
});

test('an interruption is thrown as it is', async () => {
  const interrupted = new AbortController();
  const work = async (/** @type {number} */ _, /** @type {AbortSignal} */ signal) => {
    interrupted.abort(new Error('Ctrl+C'));
    signal.throwIfAborted();
  };
  await expect(runParallel([1, 2], 1, work, interrupted.signal)).rejects.toThrow('Ctrl+C');
});
