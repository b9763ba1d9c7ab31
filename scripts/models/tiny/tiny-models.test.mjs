// @ts-check
import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { describeTinyModel } from './tiny-model.mjs';
import { tinyModels } from './tiny-models.mjs';

test('each model has a name of its own', () => {
  expect(new Set(tinyModels.map(({ id }) => id)).size).toBe(tinyModels.length);
});

test.each(tinyModels)('$id has the same files each time, and they are small', (model) => {
  const { files } = describeTinyModel(model);
  expect(describeTinyModel(model).files).toEqual(files);
  expect(files.map((file) => file.path)).toContain('config.json');
  expect(files.some((file) => file.path.startsWith('onnx/'))).toBe(true);
  expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(400_000);
});

test.each(tinyModels)('the WebAssembly runtime has all operators of $id', async (model) => {
  ort.env.wasm.numThreads = 1;
  const graphs = Object.entries(model.files()).filter(([name]) => name.endsWith('.onnx'));
  for (const [, graph] of graphs) {
    const session = await ort.InferenceSession.create(/** @type {Buffer} */ (graph));
    expect(session.outputNames).not.toEqual([]);
    await session.release();
  }
});
