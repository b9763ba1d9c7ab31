// @ts-check
import { addSequenceLogits, createBertFiles, labelMaps } from './bert.mjs';

const labels = ['contradiction', 'neutral', 'entailment'];

/** @type {import('./tiny-model.mjs').TinyModel} */
export const tinyZeroShotClassification = {
  id: 'insitu/tiny-zero-shot-classification',
  task: 'zero-shot-classification',
  files: () =>
    createBertFiles({
      architecture: 'BertForSequenceClassification',
      seed: 125,
      configuration: labelMaps(labels),
      addHead: (graph, hidden) => addSequenceLogits(graph, hidden, labels.length),
    }),
};
