// @ts-check
import { elementType } from '../onnx-writer.mjs';
import { addEncoderLayer } from './encoder-layer.mjs';
import { TinyGraph } from './tiny-graph.mjs';
import { tokenizer, tokenizerConfiguration, vocabularySize } from './word-piece.mjs';

/** @typedef {import('../onnx-writer.mjs').ValueName} ValueName */

export const hiddenSize = 16;
const headCount = 2;
const intermediateSize = 32;
const layerCount = 2;

/**
 * The files of a BERT with a head of its own.
 *
 * @param {object} options
 * @param {string} options.architecture
 * @param {number} options.seed
 * @param {object} [options.configuration] What its config.json has besides.
 * @param {(graph: TinyGraph, hidden: ValueName) => void} options.addHead Adds the outputs, from one vector for each token.
 * @returns {Record<string, object>}
 */
export function createBertFiles({ architecture, seed, configuration = {}, addHead }) {
  const graph = new TinyGraph(seed);
  addHead(graph, encodeTokens(graph));
  return {
    'config.json': {
      architectures: [architecture],
      hidden_size: hiddenSize,
      intermediate_size: intermediateSize,
      max_position_embeddings: tokenizerConfiguration.model_max_length,
      model_type: 'bert',
      num_attention_heads: headCount,
      num_hidden_layers: layerCount,
      pad_token_id: 0,
      type_vocab_size: 2,
      vocab_size: vocabularySize,
      ...configuration,
    },
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': tokenizerConfiguration,
    'onnx/model.onnx': graph.encodeTiny(architecture),
  };
}

/**
 * What config.json says of a classifier's labels.
 *
 * @param {string[]} labels
 */
export function labelMaps(labels) {
  return {
    id2label: Object.fromEntries(labels.map((label, id) => [id, label])),
    label2id: Object.fromEntries(labels.map((label, id) => [label, id])),
  };
}

/**
 * Logits of the whole text, from the vector of its first token, [CLS].
 *
 * @param {TinyGraph} graph
 * @param {ValueName} hidden
 * @param {number} labelCount
 */
export function addSequenceLogits(graph, hidden, labelCount) {
  const first = graph.node('Gather', [hidden, graph.integer(0)], { axis: 1 });
  const pooled = graph.node('Tanh', [graph.dense('pooler', first, hiddenSize, hiddenSize)]);
  const logits = graph.dense('classifier', pooled, hiddenSize, labelCount, 8);
  graph.output('logits', elementType.float, ['batch_size', labelCount], logits);
}

/**
 * One vector for each token, which depends on all tokens and their places: [batch, sequence, hidden].
 *
 * @param {TinyGraph} graph
 */
function encodeTokens(graph) {
  const shape = ['batch_size', 'sequence_length'];
  const inputIds = graph.input('input_ids', elementType.int64, shape);
  const attentionMask = graph.input('attention_mask', elementType.int64, shape);
  const tokenTypeIds = graph.input('token_type_ids', elementType.int64, shape);
  const length = graph.axisLength(inputIds, 1);
  const places = graph.node('Range', [graph.integer(0), length, graph.integer(1)]);
  const { model_max_length: maximalLength } = tokenizerConfiguration;
  const words = graph.embedding('words', inputIds, vocabularySize, hiddenSize);
  const types = graph.embedding('types', tokenTypeIds, 2, hiddenSize, 0.5);
  const positions = graph.embedding('positions', places, maximalLength, hiddenSize, 0.5);
  const sum = graph.node('Add', [graph.node('Add', [words, types]), positions]);
  const scoreMask = graph.paddingScores(attentionMask);
  let hidden = graph.layerNormalization(sum, hiddenSize);
  for (let index = 0; index < layerCount; index++) {
    hidden = addEncoderLayer(graph, `layer.${index}`, hidden, { hiddenSize, headCount, intermediateSize }, scoreMask);
  }
  return hidden;
}
