// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import { writeTinyModel } from './tiny-model.mjs';

/** For tests: what transformers.js answers on the files of a model. */

const directory = mkdtempSync(path.join(os.tmpdir(), 'tiny-models-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
env.localModelPath = directory;
env.allowRemoteModels = false;
env.useFSCache = false;

/**
 * @typedef {(...inputs: unknown[]) => Promise<unknown>} Run
 *
 * @param {import('./tiny-model.mjs').TinyModel} model
 * @param {string} [task] Another task than the model's first.
 * @returns {Promise<Run & { dispose(): Promise<void> }>}
 */
export async function openPipeline(model, task = model.task) {
  await writeTinyModel(model, path.join(directory, model.id));
  const opened = await pipeline(/** @type {'text-classification'} */ (task), model.id, { dtype: 'fp32' });
  return /** @type {Run & { dispose(): Promise<void> }} */ (/** @type {unknown} */ (opened));
}
