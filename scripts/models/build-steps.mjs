// @ts-check
import { buildMinilm, buildMinilmSst2 } from './build-minilm.mjs';
import { buildSileroVad } from './build-silero-vad.mjs';
import { buildStunts } from './build-stunts.mjs';
import { buildWhisper } from './build-whisper.mjs';
import { writeTinyModel } from './tiny/tiny-model.mjs';
import { tinyModels } from './tiny/tiny-models.mjs';

/**
 * Makes the files of a model.
 *
 * @callback BuildStep
 * @param {string} packageDirectory The unpacked package; an empty directory for a model without a source.
 * @param {string} outputDirectory An empty one.
 * @returns {Promise<void>}
 */

/**
 * What `build` of an entry names.
 *
 * @type {Readonly<Record<string, BuildStep>>}
 */
export const buildSteps = Object.freeze({
  minilm: buildMinilm,
  'minilm-sst2': buildMinilmSst2,
  'silero-vad': buildSileroVad,
  stunts: buildStunts,
  whisper: buildWhisper,
  ...Object.fromEntries(
    tinyModels.map((model) => [
      model.id,
      (/** @type {string} */ _, /** @type {string} */ outputDirectory) => writeTinyModel(model, outputDirectory),
    ]),
  ),
});
