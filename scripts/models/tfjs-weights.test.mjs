// @ts-check
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withTemporaryDirectory } from '../../packages/cli/src/package/temporary-directory.mjs';
import { TfjsWeights } from './tfjs-weights.mjs';

/** @type {import('./tfjs-weights.mjs').ManifestWeight[]} */
const manifest = [
  { name: 'count', shape: [], dtype: 'int32' },
  { name: 'table', shape: [2, 2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
  { name: 'vector', shape: [2], dtype: 'float32' },
];
const bytes = Buffer.from([7, 0, 0, 0, 0, 1, 2, 255, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
const weights = new TfjsWeights(manifest, bytes);

test('quantised weights keep their bytes and tell scale and zero point', () => {
  expect(weights.quantized('table')).toEqual({ shape: [2, 2], bytes: bytes.subarray(4, 8), scale: 0.5, zeroPoint: 2 });
});

test('floats are read as they are or dequantised', () => {
  expect(weights.floats('vector')).toEqual({ shape: [2], values: Float32Array.of(1, -2) });
  expect(weights.floats('table')).toEqual({ shape: [2, 2], values: Float32Array.of(-1, -0.5, 0, 126.5) });
});

test('what is not there or of another kind is named', () => {
  expect(() => weights.floats('other')).toThrow('no weight other');
  expect(() => weights.floats('count')).toThrow('count is int32');
  expect(() => weights.quantized('vector')).toThrow('vector is not quantised');
});

test.each([
  ['between two bytes', -1.2],
  ['below the first byte', 1],
  ['above the last byte', -200],
])('a zero %s is refused', (_, min) => {
  const quantization = /** @type {const} */ ({ dtype: 'uint8', scale: 0.5, min });
  const table = new TfjsWeights([{ name: 'table', shape: [1], dtype: 'float32', quantization }], Buffer.alloc(1));
  expect(() => table.quantized('table')).toThrow('No byte of the weight table stands for zero');
});

test('bytes that do not add up are refused', () => {
  expect(() => new TfjsWeights(manifest, bytes.subarray(1))).toThrow('take 16 bytes, the shards have 15');
});

test('shards are joined in the order of the manifest', async () => {
  await withTemporaryDirectory(path.join(os.tmpdir(), 'tfjs-weights-'), async (directory) => {
    const model = { weightsManifest: [{ paths: ['b.bin', 'a.bin'], weights: manifest }] };
    await writeFile(path.join(directory, 'model.json'), JSON.stringify(model));
    await writeFile(path.join(directory, 'b.bin'), bytes.subarray(0, 6));
    await writeFile(path.join(directory, 'a.bin'), bytes.subarray(6));
    const read = await TfjsWeights.read(directory);
    expect(read.floats('vector').values).toEqual(Float32Array.of(1, -2));
  });
});
