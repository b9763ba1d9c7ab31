// @ts-check
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTransferProgress } from './transfer-progress.mjs';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** @param {boolean} isTTY */
function createRecorder(isTTY, columns = 80) {
  /** @type {string[]} */
  const written = [];
  const output = { isTTY, columns, write: (/** @type {string | Uint8Array} */ text) => written.push(String(text)) > 0 };
  return { written, progress: createTransferProgress(output) };
}

test('lines where there is no terminal: each file and each tenth', () => {
  const { written, progress } = createRecorder(false);
  progress.expect('config.json', 1000);
  progress.expect('model.onnx', 9000);
  progress.keep('config.json', 1000);
  progress.start('model.onnx', 0, 9000);
  vi.advanceTimersByTime(1000);
  progress.advance('model.onnx', 500);
  progress.advance('model.onnx', 4000);
  progress.note('The connection broke.');
  progress.finish('model.onnx', 9000);
  progress.end();
  expect(written).toEqual([
    ' 15 %  1.5 kB of 10.0 kB  500 B/s  17 s left\n',
    ' 55 %  5.5 kB of 10.0 kB  4.5 kB/s  1 s left\n',
    'The connection broke.\n',
    'model.onnx: 9.0 kB\n',
  ]);
});

test('bars on a terminal: each file under way and all', () => {
  const { written, progress } = createRecorder(true);
  progress.expect('a.json', 1000);
  progress.expect('b.onnx', 9000);
  progress.expect('c.txt', undefined);
  progress.keep('a.json', 1000);
  progress.start('b.onnx', 4000, undefined);
  progress.start('c.txt', 0, undefined);
  vi.advanceTimersByTime(1000);
  progress.advance('b.onnx', 500);
  vi.advanceTimersByTime(100);
  expect(written.at(-1)?.split('\n')).toEqual([
    '\r\u001b[2K\u001b[1A\u001b[2K\u001b[1A\u001b[2K[##########----------]  50 %  b.onnx',
    '0 B  c.txt',
    '[###########---------]  55 %  5.5 kB of 10.0 kB  455 B/s  10 s left',
  ]);
  progress.note('A note.');
  expect(written.at(-2)).toBe('A note.\n');
  progress.end();
  expect(written.at(-1)).toContain('\r\u001b[2K');
  expect(vi.getTimerCount()).toBe(0);
});

test('the speed is that of the last seconds, and bytes from before are none of it', () => {
  const { written, progress } = createRecorder(false);
  progress.start('model.onnx', 500_000, 1_000_000);
  vi.advanceTimersByTime(10_000);
  progress.advance('model.onnx', 1);
  vi.advanceTimersByTime(1000);
  progress.advance('model.onnx', 100_000);
  expect(written.at(-1)).toBe(' 60 %  600.0 kB of 1.0 MB  100.0 kB/s  4 s left\n');
});

test('a slow file has a speed too', () => {
  const { written, progress } = createRecorder(false);
  progress.start('model.onnx', 0, 1000);
  for (let tenth = 1; tenth <= 2; tenth++) {
    vi.advanceTimersByTime(60_000);
    progress.advance('model.onnx', 120);
  }
  expect(written).toEqual([
    ' 12 %  120 B of 1.0 kB  2 B/s  7:20 min left\n',
    ' 24 %  240 B of 1.0 kB  2 B/s  6:20 min left\n',
  ]);
});

test('a bar stays on one line of a narrow terminal', () => {
  const { written, progress } = createRecorder(true, 30);
  progress.start('a/path/that/is/long.onnx', 0, 10);
  vi.advanceTimersByTime(100);
  progress.end();
  const lines = written[0]?.replaceAll('\u001b[2K', '').replace('\r', '').split('\n') ?? [];
  expect(lines.map((line) => line.length)).toEqual([29, 29]);
});
