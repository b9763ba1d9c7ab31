// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { addEncoderLayer } from '../encoder-layer.mjs';
import { TinyGraph } from '../tiny-graph.mjs';
import { tokenizer, tokenizerConfiguration, vocabularySize } from '../word-piece.mjs';

/** @typedef {import('../../onnx-writer.mjs').ValueName} ValueName */

const hiddenSize = 16;
const projectionSize = 8;
const sizes = { hiddenSize, headCount: 2, intermediateSize: 32 };
const melCount = 64;
/** Samples of the longest sound, two seconds. transformers.js takes a random part of a longer one. */
const sampleCount = 96_000;

/** Frames a patch of the spectrogram has. */
const patchLength = 8;
/** What the likeness of two vectors, from -1 to 1, is multiplied by. */
const logitScale = 20;

/**
 * A CLAP (https://arxiv.org/abs/2211.06687): one vector for a sound, one for each text, and how alike they are.
 *
 * @type {import('../tiny-model.mjs').TinyModel}
 */
export const tinyZeroShotAudioClassification = {
  id: 'insitu/tiny-zero-shot-audio-classification',
  task: 'zero-shot-audio-classification',
  files() {
    const graph = new TinyGraph(602);
    addClap(graph);
    return {
      'config.json': { architectures: ['ClapModel'], model_type: 'clap', projection_dim: projectionSize },
      'preprocessor_config.json': {
        feature_extractor_type: 'ClapFeatureExtractor',
        feature_size: melCount,
        fft_window_size: 1024,
        frequency_max: 14_000,
        frequency_min: 50,
        hop_length: 480,
        max_length_s: 2,
        nb_frequency_bins: 513,
        nb_max_samples: sampleCount,
        padding: 'repeatpad',
        padding_side: 'right',
        padding_value: 0,
        sampling_rate: 48_000,
        truncation: 'rand_trunc',
      },
      'tokenizer.json': tokenizer,
      'tokenizer_config.json': tokenizerConfiguration,
      'onnx/model.onnx': graph.encodeTiny('ClapModel'),
    };
  },
};

/** @param {TinyGraph} graph */
function addClap(graph) {
  const text = unitVector(graph, 'text_projection', encodeText(graph));
  const audio = unitVector(graph, 'audio_projection', encodeAudio(graph));
  const likeness = graph.node('MatMul', [audio, graph.node('Transpose', [text], { perm: [1, 0] })]);
  const perAudio = graph.node('Mul', [likeness, graph.float(logitScale)]);
  graph.output('logits_per_audio', elementType.float, ['audio_batch_size', 'text_batch_size'], perAudio);
  const perText = graph.node('Transpose', [perAudio], { perm: [1, 0] });
  graph.output('logits_per_text', elementType.float, ['text_batch_size', 'audio_batch_size'], perText);
  graph.output('text_embeds', elementType.float, ['text_batch_size', projectionSize], text);
  graph.output('audio_embeds', elementType.float, ['audio_batch_size', projectionSize], audio);
}

/** @param {TinyGraph} graph */
function encodeText(graph) {
  const shape = ['text_batch_size', 'sequence_length'];
  const inputIds = graph.input('input_ids', elementType.int64, shape);
  const attentionMask = graph.input('attention_mask', elementType.int64, shape);
  const words = graph.embedding('words', inputIds, vocabularySize, hiddenSize);
  const hidden = addEncoderLayer(graph, 'text', words, sizes, graph.paddingScores(attentionMask));
  return graph.node('Gather', [hidden, graph.integer(0)], { axis: 1 });
}

/** @param {TinyGraph} graph */
function encodeAudio(graph) {
  const features = graph.input('input_features', elementType.float, ['audio_batch_size', 1, 'frame_count', melCount]);
  // Decibels are mostly of the silence that all sounds have between their tones.
  const shapes = graph.layerNormalization(features, melCount);
  const weights = graph.weights('patches.weight', [hiddenSize, 1, patchLength, melCount], 0.1);
  const patches = graph.node('Conv', [shapes, weights], { strides: [patchLength, melCount] });
  const vectors = graph.node('Transpose', [graph.node('Squeeze', [patches, graph.integers([3])])], { perm: [0, 2, 1] });
  const hidden = addEncoderLayer(graph, 'audio', graph.layerNormalization(vectors, hiddenSize), sizes);
  return graph.node('ReduceMean', [hidden], { axes: [1], keepdims: 0 });
}

/**
 * @param {TinyGraph} graph
 * @param {string} name
 * @param {ValueName} value
 */
function unitVector(graph, name, value) {
  const projected = graph.dense(name, value, hiddenSize, projectionSize);
  return graph.node('Div', [projected, graph.node('ReduceL2', [projected], { axes: [-1], keepdims: 1 })]);
}
