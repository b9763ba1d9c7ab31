// @ts-check
import { addSequenceLogits, createBertFiles, labelMaps } from './bert.mjs';

const labels = ['negative', 'neutral', 'positive'];

/** @type {import('./tiny-model.mjs').TinyModel} */
export const tinyTextClassification = {
  id: 'insitu/tiny-text-classification',
  task: 'text-classification',
  files: () =>
    createBertFiles({
      architecture: 'BertForSequenceClassification',
      seed: 125,
      configuration: labelMaps(labels),
      addHead: (graph, hidden) => addSequenceLogits(graph, hidden, labels.length),
    }),
};
