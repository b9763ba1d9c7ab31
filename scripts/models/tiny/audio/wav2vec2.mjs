// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { addEncoderLayer } from '../encoder-layer.mjs';
import { TinyGraph } from '../tiny-graph.mjs';

/** @typedef {import('../../onnx-writer.mjs').ValueName} ValueName */

export const hiddenSize = 16;
const sizes = { hiddenSize, headCount: 2, intermediateSize: 32 };
const samplingRate = 16000;

/** Two convolutions make one vector of 320 samples, as in wav2vec 2.0 (https://arxiv.org/abs/2006.11477). */
const convolutions = [
  { inputSize: 1, kernel: 40, stride: 20 },
  { inputSize: hiddenSize, kernel: 16, stride: 16 },
];

/**
 * The files of a wav2vec 2.0 with a head of its own.
 *
 * @param {object} options
 * @param {string} options.architecture
 * @param {number} options.seed
 * @param {object} options.configuration What its config.json has besides.
 * @param {(graph: TinyGraph, hidden: ValueName) => void} options.addHead Adds the outputs, from one vector for 20 ms.
 * @returns {Record<string, object>}
 */
export function createWav2vec2Files({ architecture, seed, configuration, addHead }) {
  const graph = new TinyGraph(seed);
  addHead(graph, encodeAudio(graph));
  return {
    'config.json': {
      architectures: [architecture],
      conv_dim: convolutions.map(() => hiddenSize),
      conv_kernel: convolutions.map(({ kernel }) => kernel),
      conv_stride: convolutions.map(({ stride }) => stride),
      hidden_size: hiddenSize,
      intermediate_size: sizes.intermediateSize,
      model_type: 'wav2vec2',
      num_attention_heads: sizes.headCount,
      num_hidden_layers: 1,
      ...configuration,
    },
    'preprocessor_config.json': {
      do_normalize: true,
      feature_extractor_type: 'Wav2Vec2FeatureExtractor',
      feature_size: 1,
      padding_side: 'right',
      padding_value: 0,
      return_attention_mask: false,
      sampling_rate: samplingRate,
    },
    'onnx/model.onnx': graph.encodeTiny(architecture),
  };
}

/**
 * [batch, frames, hidden]
 *
 * @param {TinyGraph} graph
 */
function encodeAudio(graph) {
  const samples = graph.input('input_values', elementType.float, ['batch_size', 'sample_count']);
  let features = graph.node('Unsqueeze', [samples, graph.integers([1])]);
  for (const [index, { inputSize, kernel, stride }] of convolutions.entries()) {
    const scale = Math.sqrt(3 / (inputSize * kernel));
    const weights = graph.weights(`conv.${index}.weight`, [hiddenSize, inputSize, kernel], 2 * scale);
    const bias = graph.weights(`conv.${index}.bias`, [hiddenSize], 0.5);
    const convolved = graph.node('Conv', [features, weights, bias], { strides: [stride], kernel_shape: [kernel] });
    features = graph.node('Relu', [convolved]);
  }
  const frames = graph.node('Transpose', [features], { perm: [0, 2, 1] });
  return addEncoderLayer(graph, 'layer.0', graph.layerNormalization(frames, hiddenSize), sizes);
}
