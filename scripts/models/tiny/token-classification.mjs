// @ts-check
import { elementType } from '../onnx-writer.mjs';
import { createBertFiles, hiddenSize, labelMaps } from './bert.mjs';

const labels = ['O', 'B-PER', 'I-PER', 'B-ORG', 'I-ORG', 'B-LOC', 'I-LOC'];

/** @type {import('./tiny-model.mjs').TinyModel} */
export const tinyTokenClassification = {
  id: 'insitu/tiny-token-classification',
  task: 'token-classification',
  files: () =>
    createBertFiles({
      architecture: 'BertForTokenClassification',
      seed: 100,
      configuration: labelMaps(labels),
      addHead(graph, hidden) {
        const logits = graph.dense('classifier', hidden, hiddenSize, labels.length, 6);
        graph.output('logits', elementType.float, ['batch_size', 'sequence_length', labels.length], logits);
      },
    }),
};
