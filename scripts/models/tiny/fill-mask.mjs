// @ts-check
import { elementType } from '../onnx-writer.mjs';
import { createBertFiles, hiddenSize } from './bert.mjs';
import { vocabularySize } from './word-piece.mjs';

/** @type {import('./tiny-model.mjs').TinyModel} */
export const tinyFillMask = {
  id: 'insitu/tiny-fill-mask',
  task: 'fill-mask',
  files: () =>
    createBertFiles({
      architecture: 'BertForMaskedLM',
      seed: 61,
      addHead(graph, hidden) {
        const logits = graph.dense('predictions', hidden, hiddenSize, vocabularySize, 4);
        graph.output('logits', elementType.float, ['batch_size', 'sequence_length', vocabularySize], logits);
      },
    }),
};
