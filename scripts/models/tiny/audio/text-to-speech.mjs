// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { addEncoderLayer } from '../encoder-layer.mjs';
import { TinyGraph } from '../tiny-graph.mjs';

/** @typedef {import('../../onnx-writer.mjs').ValueName} ValueName */

const hiddenSize = 16;
const sizes = { hiddenSize, headCount: 2, intermediateSize: 32 };
const samplingRate = 16_000;
const samplesPerToken = 256;
/** Tones that sound together. */
const toneCount = 4;

const blankToken = '_';
const vocabulary = [blankToken, ..."abcdefghijklmnopqrstuvwxyz0123456789 '-".split('')];

/** As that of VITS: characters, with a blank before, between and after them. */
const tokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'Lowercase' },
      { type: 'Replace', pattern: { Regex: "[^a-z0-9 '-]" }, content: '' },
      { type: 'Strip', strip_left: true, strip_right: true },
      { type: 'Replace', pattern: { Regex: '(?=.)|(?<!^)$' }, content: blankToken },
    ],
  },
  pre_tokenizer: { type: 'Split', pattern: { Regex: '' }, behavior: 'Isolated', invert: false },
  post_processor: null,
  decoder: null,
  model: { vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])) },
};

/**
 * In the form of VITS (https://arxiv.org/abs/2106.06103), but without its noise: each token is a chord, which depends on the
 * tokens around it.
 *
 * @type {import('../tiny-model.mjs').TinyModel}
 */
export const tinyTextToSpeech = {
  id: 'insitu/tiny-text-to-speech',
  task: 'text-to-speech',
  files() {
    const graph = new TinyGraph(631);
    addVits(graph);
    return {
      'config.json': {
        architectures: ['VitsModel'],
        hidden_size: hiddenSize,
        model_type: 'vits',
        sampling_rate: samplingRate,
        vocab_size: vocabulary.length,
      },
      'tokenizer.json': tokenizer,
      'tokenizer_config.json': {
        add_blank: true,
        clean_up_tokenization_spaces: true,
        model_max_length: 512,
        normalize: true,
        pad_token: blankToken,
        tokenizer_class: 'VitsTokenizer',
        unk_token: blankToken,
      },
      'onnx/model.onnx': graph.encodeTiny('VitsModel'),
    };
  },
};

/** @param {TinyGraph} graph */
function addVits(graph) {
  const shape = ['batch_size', 'sequence_length'];
  const inputIds = graph.input('input_ids', elementType.int64, shape);
  const attentionMask = graph.input('attention_mask', elementType.int64, shape);
  const characters = graph.embedding('characters', inputIds, vocabulary.length, hiddenSize);
  const hidden = addEncoderLayer(graph, 'layer.0', characters, sizes, graph.paddingScores(attentionMask));

  const frequencies = graph.node('Exp', [graph.dense('frequencies', hidden, hiddenSize, toneCount, 0.3)]);
  const tones = graph.node('Unsqueeze', [frequencies, graph.integers([-1])]);
  const time = Float32Array.from(
    { length: samplesPerToken },
    (_, index) => (2 * Math.PI * 8 * index) / samplesPerToken,
  );
  const waves = graph.node('Sin', [graph.node('Mul', [tones, graph.floats('time', [samplesPerToken], time)])]);
  const loudness = graph.node('Softmax', [graph.dense('loudness', hidden, hiddenSize, toneCount)], { axis: -1 });
  const weighted = graph.node('Mul', [waves, graph.node('Unsqueeze', [loudness, graph.integers([-1])])]);
  const sounds = graph.node('ReduceSum', [weighted, graph.integers([2])], { keepdims: 0 });

  const floatMask = graph.node('Cast', [attentionMask], { to: elementType.float });
  const audible = graph.node('Mul', [sounds, graph.node('Unsqueeze', [floatMask, graph.integers([-1])])]);
  const waveform = graph.node('Reshape', [audible, graph.integers([0, -1])]);
  graph.output('waveform', elementType.float, ['batch_size', 'sample_count'], waveform);
}
