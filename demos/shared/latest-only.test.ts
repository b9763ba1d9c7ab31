import { expect, it, vi } from 'vitest';
import { createLatestOnly } from './latest-only.ts';

/** A run that ends when the test says so. */
function createRuns() {
  const runs: { input: string; signal: AbortSignal; end(output: string): void; fail(thrown: unknown): void }[] = [];
  const run = (input: string, signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      runs.push({ input, signal, end: resolve, fail: reject });
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const settle = { done: vi.fn(), failed: vi.fn() };
  return { runs, settle, latest: createLatestOnly(run, settle) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

it('aborts the run before and reports only the latest', async () => {
  const { runs, settle, latest } = createRuns();
  latest.request('a');
  latest.request('ab');
  expect(runs[0]!.signal.aborted).toBe(true);
  runs[1]!.end('result');
  await settled();
  expect(settle.done).toHaveBeenCalledTimes(1);
  expect(settle.done).toHaveBeenCalledWith('result', 'ab', expect.any(Number));
  expect(settle.failed).not.toHaveBeenCalled();
});

it('reports a failure of the latest run', async () => {
  const { runs, settle, latest } = createRuns();
  latest.request('a');
  runs[0]!.fail('broken');
  await settled();
  expect(settle.failed).toHaveBeenCalledWith('broken', 'a');
});

it('reports nothing after cancel', async () => {
  const { runs, settle, latest } = createRuns();
  latest.request('a');
  latest.cancel();
  runs[0]!.end('late');
  await settled();
  expect(settle.done).not.toHaveBeenCalled();
  expect(settle.failed).not.toHaveBeenCalled();
});
