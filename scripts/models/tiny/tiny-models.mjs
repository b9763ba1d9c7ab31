// @ts-check
import { tinyFeatureExtraction } from './feature-extraction.mjs';
import { tinyTextClassification } from './text-classification.mjs';

/**
 * What `npm run models` makes besides the models of models.json.
 *
 * @type {readonly import('./tiny-model.mjs').TinyModel[]}
 */
export const tinyModels = Object.freeze([tinyFeatureExtraction, tinyTextClassification]);
