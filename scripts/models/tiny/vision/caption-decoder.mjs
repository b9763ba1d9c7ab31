// @ts-check
import { GraphBuilder, elementType } from '../../onnx-writer.mjs';
import { VisionGraph, hiddenSize } from './vision-graph.mjs';

/** @typedef {import('../../onnx-writer.mjs').ValueName} ValueName */

export const headCount = 2;
const headSize = hiddenSize / headCount;

/** What is taken from the score of a token that must not come next. */
const forbiddenScore = 100;

/**
 * @typedef {object} CaptionDecoder
 * @property {number} seed
 * @property {readonly string[]} vocabulary
 * @property {Readonly<Record<string, readonly string[]>>} successors What may come after a token; after others, anything. So sentences
 *   are of some form, and end. Which of them it is follows from the weights.
 * @property {boolean} keepsImage Whether the keys and values of the image are in the cache, as in BART, or computed for each token,
 *   as in GPT-2.
 */

/**
 * A decoder of one layer that looks at an image, with a key-value cache. It is the merged one: `use_cache_branch` tells whether the
 * cache holds anything.
 *
 * @param {CaptionDecoder} decoder
 */
export function encodeCaptionDecoder({ seed, vocabulary, successors, keepsImage }) {
  const graph = new VisionGraph(seed);
  const own = keepsImage ? 'decoder.' : '';
  const inputIds = graph.input('input_ids', elementType.int64, ['batch_size', 'decoder_sequence_length']);
  const image = graph.input('encoder_hidden_states', elementType.float, [
    'batch_size',
    'encoder_sequence_length',
    hiddenSize,
  ]);
  const past = addCacheInput(graph, own, 'past_decoder_sequence_length');
  const usesCache = graph.input('use_cache_branch', elementType.bool, [1]);

  const first = graph.axisLength(past.key, 2);
  const words = graph.embedding('words', inputIds, vocabulary.length, hiddenSize);
  const hidden = graph.layerNormalization(graph.node('Add', [words, graph.places(inputIds, first)]), hiddenSize);

  const key = graph.node('Concat', [past.key, projectHeads(graph, 'self.key', hidden)], { axis: 2 });
  const value = graph.node('Concat', [past.value, projectHeads(graph, 'self.value', hidden)], { axis: 2 });
  const scoreMask = graph.causalScores(first, graph.axisLength(key, 2));
  const context = graph.attend({
    query: projectHeads(graph, 'self.query', hidden),
    key,
    value,
    scoreMask,
    headSize,
    hiddenSize,
  });
  const read = graph.layerNormalization(graph.node('Add', [hidden, context]), hiddenSize);

  const seen = keepsImage
    ? keepImage(graph, image, usesCache)
    : { key: projectHeads(graph, 'cross.key', image), value: projectHeads(graph, 'cross.value', image) };
  const sight = graph.attend({ query: projectHeads(graph, 'cross.query', read), ...seen, headSize, hiddenSize });
  const mixed = graph.layerNormalization(
    graph.node('Add', [read, graph.node('Mul', [sight, graph.float(3)])]),
    hiddenSize,
  );

  const folded = graph.node('Sin', [graph.dense('fold', mixed, hiddenSize, hiddenSize, 2)]);
  const scores = graph.dense('head', folded, hiddenSize, vocabulary.length, 3);
  const logits = graph.node('Sub', [scores, forbid(graph, inputIds, vocabulary, successors)]);
  graph.output('logits', elementType.float, ['batch_size', 'decoder_sequence_length', vocabulary.length], logits);
  addCacheOutput(graph, own, 'decoder_sequence_length_out', { key, value });
  if (keepsImage) addCacheOutput(graph, 'encoder.', 'encoder_sequence_length_out', seen);
  return graph.encodeTiny('caption-decoder');
}

/**
 * @param {VisionGraph} graph
 * @param {string} part
 * @param {string} length
 */
function addCacheInput(graph, part, length) {
  const shape = ['batch_size', headCount, length, headSize];
  return {
    key: graph.input(`past_key_values.0.${part}key`, elementType.float, shape),
    value: graph.input(`past_key_values.0.${part}value`, elementType.float, shape),
  };
}

/**
 * @param {VisionGraph} graph
 * @param {string} part
 * @param {string} length
 * @param {{ key: ValueName, value: ValueName }} cache
 */
function addCacheOutput(graph, part, length, { key, value }) {
  const shape = ['batch_size', headCount, length, headSize];
  graph.output(`present.0.${part}key`, elementType.float, shape, key);
  graph.output(`present.0.${part}value`, elementType.float, shape, value);
}

/**
 * @param {VisionGraph} graph
 * @param {string} name
 * @param {ValueName} value [batch, sequence, hiddenSize]
 */
function projectHeads(graph, name, value) {
  return graph.splitHeads(graph.dense(name, value, hiddenSize, hiddenSize), headCount, headSize);
}

/**
 * The keys and values of the image: from the cache where it holds them, otherwise computed.
 *
 * @param {VisionGraph} graph
 * @param {ValueName} image
 * @param {ValueName} usesCache
 */
function keepImage(graph, image, usesCache) {
  const past = addCacheInput(graph, 'encoder.', 'encoder_sequence_length_out');
  const shape = ['batch_size', headCount, 'encoder_sequence_length_out', headSize];
  const choose = (/** @type {'key' | 'value'} */ part) => {
    const kept = new GraphBuilder(`kept_${part}_`);
    kept.output(`kept_${part}`, elementType.float, shape, past[part]);
    const weight = graph.weights(`cross.${part}.weight`, [hiddenSize, hiddenSize], Math.sqrt(3 / hiddenSize));
    const made = new GraphBuilder(`made_${part}_`);
    const product = made.node('MatMul', [image, weight]);
    const heads = made.node('Reshape', [product, made.integers([0, 0, headCount, headSize])]);
    made.output(`made_${part}`, elementType.float, shape, made.node('Transpose', [heads], { perm: [0, 2, 1, 3] }));
    return graph.node('If', [usesCache], { then_branch: { graph: kept }, else_branch: { graph: made } });
  };
  return { key: choose('key'), value: choose('value') };
}

/**
 * What is taken from the scores of the next token: [batch, sequence, vocabulary].
 *
 * @param {VisionGraph} graph
 * @param {ValueName} inputIds
 * @param {readonly string[]} vocabulary
 * @param {CaptionDecoder['successors']} successors
 */
function forbid(graph, inputIds, vocabulary, successors) {
  // Tokens with the same successors share a row.
  const rows = [vocabulary, ...new Set(Object.values(successors))];
  const rowOf = BigInt64Array.from(vocabulary, (token) => BigInt(rows.indexOf(successors[token] ?? vocabulary)));
  const table = rows.flatMap((allowed) => vocabulary.map((token) => (allowed.includes(token) ? 0 : forbiddenScore)));
  const rowIds = graph.integerTable('successor_rows', rowOf);
  const forbidden = graph.floats('forbidden', [rows.length, vocabulary.length], Float32Array.from(table));
  return graph.node('Gather', [forbidden, graph.node('Gather', [rowIds, inputIds])]);
}

/**
 * After each token of a group comes one of the next group, and so on.
 *
 * @param {readonly (readonly string[])[]} groups
 * @returns {Record<string, readonly string[]>}
 */
export function inTurn(groups) {
  return Object.fromEntries(
    groups.slice(0, -1).flatMap((group, index) => group.map((token) => [token, groups[index + 1] ?? []])),
  );
}
