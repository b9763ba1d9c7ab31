// @ts-check
import { buildMinilm, buildMinilmSst2 } from './build-minilm.mjs';

/**
 * Makes the files of a model from an unpacked package.
 *
 * @callback BuildStep
 * @param {string} packageDirectory
 * @param {string} outputDirectory An empty one.
 * @returns {Promise<void>}
 */

/**
 * What `build` in models.json names.
 *
 * @type {Readonly<Record<string, BuildStep>>}
 */
export const buildSteps = Object.freeze({ minilm: buildMinilm, 'minilm-sst2': buildMinilmSst2 });
