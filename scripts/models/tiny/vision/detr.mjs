// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { VisionGraph, hiddenSize } from './vision-graph.mjs';

/** @typedef {import('../../onnx-writer.mjs').ValueName} ValueName */

const patchSize = 8;

/**
 * A detection transformer (https://arxiv.org/abs/2005.12872): queries look at the image, and each says what it saw and where.
 *
 * @param {object} options
 * @param {number} options.seed
 * @param {number} options.queryCount
 * @param {number} options.labelCount Without that of nothing, which comes last.
 * @param {boolean} options.hasMasks Whether each query also says which pixels it saw.
 */
export function encodeDetr({ seed, queryCount, labelCount, hasMasks }) {
  const graph = new VisionGraph(seed);
  const pixels = graph.pixelValues();
  const map = graph.patches('patches', pixels, patchSize);
  const coordinates = graph.coordinates(map);
  const memory = graph.tokens(map, coordinates);
  const queries = graph.weights('queries', [1, queryCount, hiddenSize], 3);
  const { context, attention } = graph.look('decoder', queries, memory, addMaskInput(graph, map));
  const seen = graph.layerNormalization(
    graph.node('Add', [queries, graph.node('Mul', [context, graph.float(2)])]),
    hiddenSize,
  );

  const logits = graph.dense('classifier', seen, hiddenSize, labelCount + 1, 5);
  graph.output('logits', elementType.float, ['batch_size', queryCount, labelCount + 1], logits);

  // The middle of a box is where the query looked.
  const centres = graph.node('MatMul', [attention, coordinates]);
  const sizes = graph.node('Sigmoid', [graph.dense('sizes', seen, hiddenSize, 2)]);
  const boxes = graph.node('Concat', [centres, graph.node('Mul', [sizes, graph.float(0.6)])], { axis: -1 });
  graph.output('pred_boxes', elementType.float, ['batch_size', queryCount, 4], boxes);

  if (hasMasks) {
    const masks = encodeMasks(graph, pixels, seen);
    graph.output('pred_masks', elementType.float, ['batch_size', queryCount, 'mask_height', 'mask_width'], masks);
  }
  return graph.encodeTiny('detr');
}

/**
 * The padding of a batch, as 1 for each field of the map that is padding: [batch, 1, height * width].
 *
 * @param {VisionGraph} graph
 * @param {ValueName} map
 */
function addMaskInput(graph, map) {
  const input = graph.input('pixel_mask', elementType.int64, ['batch_size', 'mask_height', 'mask_width']);
  const mask = graph.node('Unsqueeze', [graph.node('Cast', [input], { to: elementType.float }), graph.integers([1])]);
  const fields = graph.node('Reshape', [graph.stretch(mask, map), graph.integers([0, 1, -1])]);
  return graph.node('Sub', [graph.float(1), fields]);
}

/**
 * Of each pixel the queries have shares, so that no two masks overlap: [batch, queries, height / 4, width / 4].
 *
 * @param {VisionGraph} graph
 * @param {ValueName} pixels
 * @param {ValueName} seen
 */
function encodeMasks(graph, pixels, seen) {
  const features = graph.featureMap(pixels);
  const flat = graph.node('Reshape', [features, graph.integers([0, hiddenSize, -1])]);
  const scores = graph.node('MatMul', [graph.dense('masks', seen, hiddenSize, hiddenSize, 2), flat]);
  const shares = graph.node('Softmax', [scores], { axis: 1 });
  const logits = graph.node('Mul', [graph.node('Sub', [shares, graph.float(0.5)]), graph.float(16)]);
  const size = graph.node('Slice', [graph.node('Shape', [features]), graph.integers([2]), graph.integers([4])]);
  return graph.node('Reshape', [logits, graph.node('Concat', [graph.integers([0, 0]), size], { axis: 0 })]);
}
