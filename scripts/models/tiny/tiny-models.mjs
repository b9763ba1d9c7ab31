// @ts-check
import { audioModels } from './audio/audio-models.mjs';
import { tinyFeatureExtraction } from './feature-extraction.mjs';
import { tinyFillMask } from './fill-mask.mjs';
import { tinyQuestionAnswering } from './question-answering.mjs';
import { tinyReranker } from './reranker.mjs';
import { tinyTextClassification } from './text-classification.mjs';
import { tinyText2text } from './text2text.mjs';
import { tinyTextGeneration } from './text-generation.mjs';
import { tinyTokenClassification } from './token-classification.mjs';
import { tinyTranslation } from './translation.mjs';
import { tinyZeroShotClassification } from './zero-shot-classification.mjs';
import { visionModels } from './vision/vision-models.mjs';

/**
 * What `npm run models` makes besides the models of models.json.
 *
 * @type {readonly import('./tiny-model.mjs').TinyModel[]}
 */
export const tinyModels = Object.freeze([
  tinyFeatureExtraction,
  tinyFillMask,
  tinyQuestionAnswering,
  tinyReranker,
  tinyText2text,
  tinyTextClassification,
  tinyTextGeneration,
  tinyTokenClassification,
  tinyTranslation,
  tinyZeroShotClassification,
  ...audioModels,
  ...visionModels,
]);
