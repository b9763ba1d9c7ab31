// @ts-check
import { elementType } from '../onnx-writer.mjs';
import { createBertFiles, hiddenSize } from './bert.mjs';

/** @type {import('./tiny-model.mjs').TinyModel} */
export const tinyFeatureExtraction = {
  id: 'insitu/tiny-feature-extraction',
  task: 'feature-extraction',
  files: () =>
    createBertFiles({
      architecture: 'BertModel',
      seed: 11,
      addHead: (graph, hidden) =>
        graph.output('last_hidden_state', elementType.float, ['batch_size', 'sequence_length', hiddenSize], hidden),
    }),
};
