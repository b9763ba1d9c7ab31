// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { hiddenSize } from './vision-graph.mjs';

/** @typedef {import('../../onnx-writer.mjs').ValueName} ValueName */

/**
 * A vector of length one for each text, which depends on its words and their order: [texts, hiddenSize].
 *
 * @param {import('./vision-graph.mjs').VisionGraph} graph
 * @param {object} options
 * @param {number} options.vocabularySize
 * @param {boolean} options.hasMask Whether padding is told by `attention_mask`, or is a part of the text.
 */
export function encodeTexts(graph, { vocabularySize, hasMask }) {
  const shape = ['text_batch_size', 'sequence_length'];
  const inputIds = graph.input('input_ids', elementType.int64, shape);
  const mask = hasMask ? padding(graph, graph.input('attention_mask', elementType.int64, shape)) : undefined;
  const words = graph.embedding('words', inputIds, vocabularySize, hiddenSize, 2);
  const hidden = graph.layerNormalization(graph.node('Add', [words, graph.places(inputIds)]), hiddenSize);
  const encoded = graph.selfAttention('text_encoder', hidden, mask);
  return graph.project('text_projection', graph.pool('text_pooler', encoded, mask));
}

/**
 * 1 where there is no token: [texts, 1, sequence].
 *
 * @param {import('./vision-graph.mjs').VisionGraph} graph
 * @param {ValueName} attentionMask
 */
function padding(graph, attentionMask) {
  const tokens = graph.node('Cast', [attentionMask], { to: elementType.float });
  return graph.node('Unsqueeze', [graph.node('Sub', [graph.float(1), tokens]), graph.integers([1])]);
}
