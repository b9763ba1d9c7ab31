// @ts-check
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { writeSyntheticFile } from './synthetic-file.mjs';

const directory = mkdtempSync(join(tmpdir(), 'insitu-synthetic-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** @param {string} name @param {number} size */
async function written(name, size) {
  const path = join(directory, name);
  await writeSyntheticFile(path, size);
  return readFileSync(path);
}

test('a file has its size and the same bytes each time', async () => {
  const size = 4 * 1024 * 1024 + 5;
  const first = await written('a/onnx/model.onnx', size);
  expect(first).toHaveLength(size);
  expect(first.equals(await written('b.onnx', size))).toBe(true);
});

test('nothing can make it smaller, and it does not repeat itself', async () => {
  const bytes = await written('c.onnx', 8 * 1024 * 1024);
  expect(gzipSync(bytes, { level: 1 }).length).toBeGreaterThan(bytes.length);
  expect(bytes.subarray(0, 4 * 1024 * 1024).equals(bytes.subarray(4 * 1024 * 1024))).toBe(false);
});
