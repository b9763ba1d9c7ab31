// @ts-check
import { elementType } from '../onnx-writer.mjs';

/**
 * @typedef {import('../onnx-writer.mjs').ValueName} ValueName
 * @typedef {import('./tiny-graph.mjs').TinyGraph} TinyGraph
 *
 * @typedef {object} LlamaSizes Named as in config.json.
 * @property {number} vocab_size
 * @property {number} hidden_size
 * @property {number} intermediate_size
 * @property {number} num_hidden_layers
 * @property {number} num_attention_heads
 * @property {number} num_key_value_heads
 * @property {number} max_position_embeddings
 */

const ropeBase = 10_000;

/**
 * The decoder of Llama (https://arxiv.org/abs/2302.13971): rotary positions, normalisation by root mean square, gated dense
 * layers, grouped key-value heads, and the cache of keys and values as inputs and outputs. It has the names that exports for
 * transformers.js have.
 *
 * @param {TinyGraph} graph
 * @param {LlamaSizes} sizes
 * @param {(logits: ValueName, inputIds: ValueName) => ValueName} [adjustLogits]
 */
export function addLlama(graph, sizes, adjustLogits = (logits) => logits) {
  const { vocab_size: vocabularySize, hidden_size: hiddenSize } = sizes;
  const inputIds = graph.input('input_ids', elementType.int64, ['batch_size', 'sequence_length']);
  const attentionMask = graph.input('attention_mask', elementType.int64, ['batch_size', 'total_sequence_length']);
  const positions = graph.input('position_ids', elementType.int64, ['batch_size', 'sequence_length']);
  const context = {
    scoreMask: addCausalScores(graph, inputIds, attentionMask),
    rotation: addRotation(graph, positions, sizes),
  };
  let hidden = graph.embedding('embed_tokens', inputIds, vocabularySize, hiddenSize);
  for (let index = 0; index < sizes.num_hidden_layers; index++) hidden = addLayer(graph, hidden, context, sizes, index);
  const normalized = graph.rootMeanSquareNormalization(hidden);
  const logits = adjustLogits(graph.dense('lm_head', normalized, hiddenSize, vocabularySize, 3), inputIds);
  graph.output('logits', elementType.float, ['batch_size', 'sequence_length', vocabularySize], logits);
}

/**
 * What is added to the scores so that no token sees padding or what comes after it: [batch, 1, sequence, total].
 *
 * @param {TinyGraph} graph
 * @param {ValueName} inputIds
 * @param {ValueName} attentionMask
 */
function addCausalScores(graph, inputIds, attentionMask) {
  const total = graph.axisLength(attentionMask, 1);
  const past = graph.node('Sub', [total, graph.axisLength(inputIds, 1)]);
  return graph.node('Add', [graph.paddingScores(attentionMask), graph.causalScores(past, total)]);
}

/**
 * Cosine and sine for each position: [batch, 1, sequence, head].
 *
 * @param {TinyGraph} graph
 * @param {ValueName} positions
 * @param {LlamaSizes} sizes
 */
function addRotation(graph, positions, sizes) {
  const headSize = sizes.hidden_size / sizes.num_attention_heads;
  const frequencies = Float32Array.from(
    { length: headSize },
    (_, index) => ropeBase ** ((-2 * (index % (headSize / 2))) / headSize),
  );
  const floats = graph.node('Cast', [positions], { to: elementType.float });
  const columns = graph.node('Unsqueeze', [floats, graph.integers([1, 3])]);
  const angles = graph.node('Mul', [columns, graph.floats('rotary.frequencies', [headSize], frequencies)]);
  return { cosine: graph.node('Cos', [angles]), sine: graph.node('Sin', [angles]) };
}

/**
 * @param {TinyGraph} graph
 * @param {ValueName} hidden
 * @param {{ scoreMask: ValueName, rotation: { cosine: ValueName, sine: ValueName } }} context
 * @param {LlamaSizes} sizes
 * @param {number} index
 */
function addLayer(graph, hidden, { scoreMask, rotation }, sizes, index) {
  const { hidden_size: hiddenSize, num_attention_heads: headCount, num_key_value_heads: groupCount } = sizes;
  const headSize = hiddenSize / headCount;
  const name = `layers.${index}`;
  const input = graph.rootMeanSquareNormalization(hidden);
  const project = (/** @type {string} */ part, /** @type {number} */ count) =>
    graph.splitHeads(graph.dense(`${name}.${part}_proj`, input, hiddenSize, count * headSize, 2), count, headSize);

  const query = rotate(graph, project('q', headCount), rotation);
  const key = extendCache(graph, `${index}.key`, rotate(graph, project('k', groupCount), rotation), sizes);
  const value = extendCache(graph, `${index}.value`, project('v', groupCount), sizes);
  const repeat = (/** @type {ValueName} */ heads) => {
    const grouped = graph.node('Unsqueeze', [heads, graph.integers([2])]);
    const repeated = graph.node('Tile', [grouped, graph.integers([1, 1, headCount / groupCount, 1, 1])]);
    return graph.node('Reshape', [repeated, graph.integers([0, headCount, -1, headSize])]);
  };
  const attended = graph.attend({ query, key: repeat(key), value: repeat(value), scoreMask, headSize, hiddenSize });
  const projected = graph.dense(`${name}.o_proj`, attended, hiddenSize, hiddenSize);
  return addGatedLayer(graph, name, graph.node('Add', [hidden, projected]), sizes);
}

/**
 * @param {TinyGraph} graph
 * @param {string} name
 * @param {ValueName} hidden
 * @param {LlamaSizes} sizes
 */
function addGatedLayer(graph, name, hidden, { hidden_size: hiddenSize, intermediate_size: intermediateSize }) {
  const input = graph.rootMeanSquareNormalization(hidden);
  const gate = graph.dense(`${name}.gate_proj`, input, hiddenSize, intermediateSize);
  const up = graph.dense(`${name}.up_proj`, input, hiddenSize, intermediateSize);
  const gated = graph.node('Mul', [graph.node('Mul', [gate, graph.node('Sigmoid', [gate])]), up]);
  return graph.node('Add', [hidden, graph.dense(`${name}.down_proj`, gated, intermediateSize, hiddenSize, 2)]);
}

/**
 * @param {TinyGraph} graph
 * @param {ValueName} heads
 * @param {{ cosine: ValueName, sine: ValueName }} rotation
 */
function rotate(graph, heads, { cosine, sine }) {
  const { first, second } = graph.nodeWithOutputs('Split', [heads], ['first', 'second'], { axis: -1 });
  const turned = graph.node('Concat', [graph.node('Neg', [second]), first], { axis: -1 });
  return graph.node('Add', [graph.node('Mul', [heads, cosine]), graph.node('Mul', [turned, sine])]);
}

/**
 * Past and new keys or values: [batch, heads, total, head].
 *
 * @param {TinyGraph} graph
 * @param {string} name
 * @param {ValueName} heads
 * @param {LlamaSizes} sizes
 */
function extendCache(graph, name, heads, sizes) {
  const headSize = sizes.hidden_size / sizes.num_attention_heads;
  const shape = (/** @type {string} */ length) => ['batch_size', sizes.num_key_value_heads, length, headSize];
  const past = graph.input(`past_key_values.${name}`, elementType.float, shape('past_sequence_length'));
  const all = graph.node('Concat', [past, heads], { axis: 2 });
  graph.output(`present.${name}`, elementType.float, shape('total_sequence_length'), all);
  return all;
}
