// @ts-check
import { GraphBuilder, elementType } from '../onnx-writer.mjs';
import { addAttended, addEncoderLayer, addFeedForward, projectHeads, sharpGain } from './encoder-layer.mjs';
import { addSpelling } from './spelling.mjs';
import { TinyGraph } from './tiny-graph.mjs';

/**
 * The two graphs of an encoder-decoder, with the names that exports for transformers.js have: `encoder_model`, and
 * `decoder_model_merged`, which keeps the keys and values of its own tokens and those of the encoder in its inputs and outputs.
 *
 * @typedef {import('../onnx-writer.mjs').ValueName} ValueName
 *
 * @typedef {object} Language
 * @property {readonly string[]} vocabulary
 * @property {readonly string[]} specialTokens
 * @property {string} endToken
 * @property {number} endBonus
 */

export const hiddenSize = 16;
export const headCount = 2;
export const intermediateSize = 32;
export const layerCount = 2;
export const maximalLength = 256;
const headSize = hiddenSize / headCount;
const sizes = { hiddenSize, headCount, intermediateSize };

/**
 * @param {string} name
 * @param {number} seed
 * @param {Language} language
 * @returns {Record<string, Uint8Array>}
 */
export function createEncoderDecoderGraphs(name, seed, language) {
  const encoder = new TinyGraph(seed);
  addEncoder(encoder, language.vocabulary.length);
  const decoder = new TinyGraph(seed + 1);
  addDecoder(decoder, language);
  return {
    'onnx/encoder_model.onnx': encoder.encodeTiny(`${name} encoder`),
    'onnx/decoder_model_merged.onnx': decoder.encodeTiny(`${name} decoder`),
  };
}

/**
 * @param {TinyGraph} graph
 * @param {number} vocabularySize
 */
function addEncoder(graph, vocabularySize) {
  const shape = ['batch_size', 'encoder_sequence_length'];
  const inputIds = graph.input('input_ids', elementType.int64, shape);
  const scoreMask = graph.paddingScores(graph.input('attention_mask', elementType.int64, shape));
  let hidden = embed(graph, inputIds, graph.integer(0), graph.axisLength(inputIds, 1), vocabularySize);
  for (let index = 0; index < layerCount; index++) {
    hidden = addEncoderLayer(graph, `layer.${index}`, hidden, sizes, scoreMask);
  }
  graph.output('last_hidden_state', elementType.float, [...shape, hiddenSize], hidden);
}

/**
 * @param {TinyGraph} graph
 * @param {Language} language
 */
function addDecoder(graph, language) {
  const { length: vocabularySize } = language.vocabulary;
  const encoderShape = ['batch_size', 'encoder_sequence_length'];
  const encoderMask = graph.input('encoder_attention_mask', elementType.int64, encoderShape);
  const inputIds = graph.input('input_ids', elementType.int64, ['batch_size', 'decoder_sequence_length']);
  const encoded = graph.input('encoder_hidden_states', elementType.float, [...encoderShape, hiddenSize]);
  const caches = Array.from({ length: layerCount }, (_, index) => addCacheInputs(graph, index));
  const useCache = graph.input('use_cache_branch', elementType.bool, [1]);

  const past = graph.axisLength(caches[0]?.['decoder.key'] ?? '', 2);
  const total = graph.node('Add', [past, graph.axisLength(inputIds, 1)]);
  const context = {
    encoded,
    useCache,
    encoderScores: graph.paddingScores(encoderMask),
    causalScores: graph.causalScores(past, total),
  };
  let hidden = embed(graph, inputIds, past, total, vocabularySize);
  for (const [index, cache] of caches.entries()) hidden = addDecoderLayer(graph, index, hidden, cache, context);
  const logits = addSpelling(graph, {
    ...language,
    logits: graph.dense('lm_head', hidden, hiddenSize, vocabularySize, 3),
    inputIds,
  });
  graph.output('logits', elementType.float, ['batch_size', 'decoder_sequence_length', vocabularySize], logits);
}

/**
 * @param {TinyGraph} graph
 * @param {ValueName} inputIds
 * @param {ValueName} start Place of the first of them.
 * @param {ValueName} end
 * @param {number} vocabularySize
 */
function embed(graph, inputIds, start, end, vocabularySize) {
  const unlimited = graph.node('Range', [start, end, graph.integer(1)]);
  const places = graph.node('Mod', [unlimited, graph.integer(maximalLength)]);
  const words = graph.embedding('words', inputIds, vocabularySize, hiddenSize);
  const positions = graph.embedding('positions', places, maximalLength, hiddenSize, 1.5);
  return graph.layerNormalization(graph.node('Add', [words, positions]), hiddenSize);
}

/** @typedef {Record<'decoder.key' | 'decoder.value' | 'encoder.key' | 'encoder.value', ValueName>} Cache */

/**
 * @param {TinyGraph} graph
 * @param {number} index
 * @returns {Cache}
 */
function addCacheInputs(graph, index) {
  const add = (/** @type {string} */ name, /** @type {string} */ length) =>
    graph.input(`past_key_values.${index}.${name}`, elementType.float, ['batch_size', headCount, length, headSize]);
  return {
    'decoder.key': add('decoder.key', 'past_decoder_sequence_length'),
    'decoder.value': add('decoder.value', 'past_decoder_sequence_length'),
    'encoder.key': add('encoder.key', 'encoder_sequence_length_out'),
    'encoder.value': add('encoder.value', 'encoder_sequence_length_out'),
  };
}

/**
 * @param {TinyGraph} graph
 * @param {number} index
 * @param {ValueName} hidden
 * @param {Cache} cache
 * @param {{ encoded: ValueName, useCache: ValueName, encoderScores: ValueName, causalScores: ValueName }} context
 */
function addDecoderLayer(graph, index, hidden, cache, { encoded, useCache, encoderScores, causalScores }) {
  const name = `layer.${index}`;
  const present = (/** @type {keyof Cache} */ part, /** @type {ValueName} */ value) => {
    graph.output(
      `present.${index}.${part}`,
      elementType.float,
      ['batch_size', headCount, `present_${part}_length`, headSize],
      value,
    );
    return value;
  };
  const extend = (/** @type {'key' | 'value'} */ part, gain = 1) => {
    const heads = projectHeads(graph, `${name}.${part}`, hidden, sizes, gain);
    return present(`decoder.${part}`, graph.node('Concat', [cache[`decoder.${part}`], heads], { axis: 2 }));
  };
  const query = projectHeads(graph, `${name}.query`, hidden, sizes, sharpGain);
  const [key, value] = [extend('key', sharpGain), extend('value')];
  const context = graph.attend({ query, key, value, scoreMask: causalScores, headSize, hiddenSize });
  const attended = addAttended(graph, `${name}.attention`, hidden, context, sizes);

  const look = (/** @type {'key' | 'value'} */ part, gain = 1) => {
    const scale = gain * Math.sqrt(3 / hiddenSize);
    const weights = graph.weights(`${name}.encoder_${part}.weight`, [hiddenSize, hiddenSize], scale);
    const heads = projectOnce(graph, `${name}.encoder_${part}`, {
      encoded,
      weights,
      useCache,
      past: cache[`encoder.${part}`],
    });
    return present(`encoder.${part}`, heads);
  };
  const crossed = graph.attend({
    query: projectHeads(graph, `${name}.encoder_query`, attended, sizes, sharpGain),
    key: look('key', sharpGain),
    value: look('value', 2),
    scoreMask: encoderScores,
    headSize,
    hiddenSize,
  });
  const informed = addAttended(graph, `${name}.encoder_attention`, attended, crossed, sizes);
  return addFeedForward(graph, name, informed, sizes);
}

/**
 * Keys or values of the encoder's tokens: computed in the first step, handed on in the others.
 *
 * @param {TinyGraph} graph
 * @param {string} name
 * @param {{ encoded: ValueName, weights: ValueName, useCache: ValueName, past: ValueName }} parts
 */
function projectOnce(graph, name, { encoded, weights, useCache, past }) {
  const shape = ['batch_size', headCount, 'encoder_sequence_length', headSize];
  const kept = new GraphBuilder(`${name}.kept_`);
  kept.output(`${name}.kept`, elementType.float, shape, past);
  const computed = new GraphBuilder(`${name}.computed_`);
  const product = computed.node('MatMul', [encoded, weights]);
  const heads = computed.node('Reshape', [product, computed.integers([0, 0, headCount, headSize])]);
  const transposed = computed.node('Transpose', [heads], { perm: [0, 2, 1, 3] });
  computed.output(`${name}.computed`, elementType.float, shape, transposed);
  return graph.node('If', [useCache], { then_branch: { graph: kept }, else_branch: { graph: computed } });
}
