// @ts-check
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStepProgress } from './step-progress.mjs';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** @param {{ isTTY: boolean, columns: number }} terminal */
function createRecorder(terminal) {
  /** @type {string[]} */
  const written = [];
  const output = { ...terminal, write: (/** @type {string | Uint8Array} */ text) => written.push(String(text)) > 0 };
  return { written, progress: createStepProgress(output) };
}

test('plain lines where there is no terminal', () => {
  const { written, progress } = createRecorder({ isTTY: false, columns: 80 });
  progress.begin('model', 2);
  progress.step('fetch');
  progress.step('build');
  progress.finish('model: written');
  expect(written.join('')).toBe('model: fetch\nmodel: build\nmodel: written\n');
});

test('a bar counts the steps that are done and the seconds of a long one', () => {
  const { written, progress } = createRecorder({ isTTY: true, columns: 80 });
  progress.begin('model', 2);
  progress.step('fetch');
  expect(written.at(-1)).toBe('\r\u001b[2K[--------------------] model: fetch');
  vi.advanceTimersByTime(2000);
  expect(written.at(-1)).toBe('\r\u001b[2K[--------------------] model: fetch (2 s)');
  progress.step('build');
  expect(written.at(-1)).toBe('\r\u001b[2K[##########----------] model: build');
  progress.finish('model: written');
  expect(written.slice(-2)).toEqual(['\r\u001b[2K', 'model: written\n']);
  expect(vi.getTimerCount()).toBe(0);
});

test('the bar stays on one line of a narrow terminal', () => {
  const { written, progress } = createRecorder({ isTTY: true, columns: 30 });
  progress.begin('model', 1);
  progress.step('a step with a long name');
  progress.clear();
  expect(written[0]).toBe('\r\u001b[2K[--------------------] model:');
  expect(vi.getTimerCount()).toBe(0);
});
