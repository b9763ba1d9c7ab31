// @ts-check

/**
 * @typedef {import('../onnx-writer.mjs').ValueName} ValueName
 * @typedef {import('./tiny-graph.mjs').TinyGraph} TinyGraph
 *
 * @typedef {object} LayerSizes
 * @property {number} hiddenSize
 * @property {number} headCount
 * @property {number} intermediateSize
 */

/**
 * A layer of the encoder of https://arxiv.org/abs/1706.03762: each token's vector takes from those of all.
 *
 * @param {TinyGraph} graph
 * @param {string} name
 * @param {ValueName} hidden [batch, sequence, hidden]
 * @param {LayerSizes} sizes
 * @param {ValueName} [scoreMask]
 */
export function addEncoderLayer(graph, name, hidden, sizes, scoreMask) {
  const { hiddenSize, headCount } = sizes;
  const query = projectHeads(graph, `${name}.query`, hidden, sizes, sharpGain);
  const key = projectHeads(graph, `${name}.key`, hidden, sizes, sharpGain);
  const value = projectHeads(graph, `${name}.value`, hidden, sizes);
  const context = graph.attend({ query, key, value, scoreMask, headSize: hiddenSize / headCount, hiddenSize });
  return addFeedForward(graph, name, addAttended(graph, `${name}.attention`, hidden, context, sizes), sizes);
}

/**
 * Of queries and keys. Large scores make a token attend to few others, so that it differs whether one of them is another.
 */
export const sharpGain = 2;

/**
 * @param {TinyGraph} graph
 * @param {string} name
 * @param {ValueName} hidden
 * @param {LayerSizes} sizes
 * @param {number} [gain]
 */
export function projectHeads(graph, name, hidden, { hiddenSize, headCount }, gain = 1) {
  return graph.splitHeads(graph.dense(name, hidden, hiddenSize, hiddenSize, gain), headCount, hiddenSize / headCount);
}

/**
 * @param {TinyGraph} graph
 * @param {string} name
 * @param {ValueName} hidden
 * @param {ValueName} context What the heads found, joined.
 * @param {LayerSizes} sizes
 */
export function addAttended(graph, name, hidden, context, { hiddenSize }) {
  const projected = graph.dense(name, context, hiddenSize, hiddenSize, 2);
  return graph.layerNormalization(graph.node('Add', [hidden, projected]), hiddenSize);
}

/**
 * @param {TinyGraph} graph
 * @param {string} name
 * @param {ValueName} hidden
 * @param {LayerSizes} sizes
 */
export function addFeedForward(graph, name, hidden, { hiddenSize, intermediateSize }) {
  const expanded = graph.node('Relu', [graph.dense(`${name}.expand`, hidden, hiddenSize, intermediateSize)]);
  const contracted = graph.dense(`${name}.contract`, expanded, intermediateSize, hiddenSize);
  return graph.layerNormalization(graph.node('Add', [hidden, contracted]), hiddenSize);
}
