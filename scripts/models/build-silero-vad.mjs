// @ts-check
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** In transformers.js, `custom` is a model without a class of its own. */
const configuration = { model_type: 'custom', sampling_rate: 16000 };

/**
 * Takes version 5 of Silero's voice activity detector from the npm package `@ricky0123/vad-web`.
 *
 * @param {string} packageDirectory
 * @param {string} outputDirectory
 */
export async function buildSileroVad(packageDirectory, outputDirectory) {
  await mkdir(path.join(outputDirectory, 'onnx'), { recursive: true });
  const graph = path.join(packageDirectory, 'dist/silero_vad_v5.onnx');
  await copyFile(graph, path.join(outputDirectory, 'onnx', 'model.onnx'));
  await writeFile(path.join(outputDirectory, 'config.json'), JSON.stringify(configuration, null, 2));
}
