// @ts-check
import { addSequenceLogits, createBertFiles, labelMaps } from './bert.mjs';

/**
 * A cross-encoder: one logit for two texts.
 *
 * @type {import('./tiny-model.mjs').TinyModel}
 */
export const tinyReranker = {
  id: 'insitu/tiny-reranker',
  task: 'text-classification',
  files: () =>
    createBertFiles({
      architecture: 'BertForSequenceClassification',
      seed: 71,
      configuration: labelMaps(['LABEL_0']),
      addHead: (graph, hidden) => addSequenceLogits(graph, hidden, 1),
    }),
};
