// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { VisionGraph, hiddenSize } from './vision-graph.mjs';

/**
 * The encoder that a decoder looks at.
 *
 * @param {number} seed
 * @param {number} patchSize
 */
export function encodeImageEncoder(seed, patchSize) {
  const graph = new VisionGraph(seed);
  const hidden = graph.encodeImage(graph.pixelValues(), patchSize);
  graph.output('last_hidden_state', elementType.float, ['batch_size', 'encoder_sequence_length', hiddenSize], hidden);
  return graph.encodeTiny('image-encoder');
}
