// @ts-check
import { learnMerges } from '../learn-merges.mjs';
import { encodeCaptionDecoder, headCount, inTurn } from './caption-decoder.mjs';
import { encodeImageEncoder } from './image-encoder.mjs';
import { imageProcessor } from './image-processor.mjs';
import { hiddenSize } from './vision-graph.mjs';

const imageSize = 32;
const patchSize = 8;

/** It begins and ends a text. */
const endToken = '<|endoftext|>';
/** What stands for the space before a word. */
const wordMark = 'Ġ';

const wordGroups = [
  'a the one some',
  'red green blue small large tall',
  'cat cup rocket page face house',
  'on under near behind',
  'water grass snow wood',
];
const groups = wordGroups.map((group) => group.split(' ').map((word) => wordMark + word));
const words = groups.flat();
const merges = learnMerges(words.map((word) => word.split('')));
const vocabulary = [
  ...new Set([wordMark, ...'abcdefghijklmnopqrstuvwxyz'.split(''), ...merges.map((pair) => pair.join('')), endToken]),
];
const endId = vocabulary.indexOf(endToken);

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };

const tokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [
    { id: endId, content: endToken, single_word: false, lstrip: false, rstrip: false, normalized: true, special: true },
  ],
  normalizer: null,
  pre_tokenizer: byteLevel,
  post_processor: byteLevel,
  decoder: byteLevel,
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: '',
    end_of_word_suffix: '',
    fuse_unk: false,
    vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
    merges: merges.map((pair) => pair.join(' ')),
  },
};

/**
 * A ViT whose pieces a GPT-2 looks at.
 *
 * @type {import('../tiny-model.mjs').TinyModel}
 */
export const tinyImageToText = {
  id: 'insitu/tiny-image-to-text',
  task: 'image-to-text',
  files: () => ({
    'config.json': {
      architectures: ['VisionEncoderDecoderModel'],
      bos_token_id: endId,
      decoder: {
        add_cross_attention: true,
        architectures: ['GPT2LMHeadModel'],
        is_decoder: true,
        model_type: 'gpt2',
        n_embd: hiddenSize,
        n_head: headCount,
        n_layer: 1,
        vocab_size: vocabulary.length,
      },
      decoder_start_token_id: endId,
      encoder: { hidden_size: hiddenSize, image_size: imageSize, model_type: 'vit', patch_size: patchSize },
      eos_token_id: endId,
      is_encoder_decoder: true,
      model_type: 'vision-encoder-decoder',
      pad_token_id: endId,
    },
    'generation_config.json': {
      bos_token_id: endId,
      decoder_start_token_id: endId,
      eos_token_id: endId,
      max_length: 16,
      pad_token_id: endId,
    },
    'preprocessor_config.json': imageProcessor('ViTImageProcessor', { size: { height: imageSize, width: imageSize } }),
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': {
      add_prefix_space: false,
      bos_token: endToken,
      eos_token: endToken,
      model_max_length: 1024,
      tokenizer_class: 'GPT2Tokenizer',
      unk_token: endToken,
    },
    'onnx/encoder_model.onnx': encodeImageEncoder(112, patchSize),
    'onnx/decoder_model_merged.onnx': encodeCaptionDecoder({
      seed: 518,
      vocabulary,
      successors: inTurn([[endToken], ...groups, [endToken]]),
      keepsImage: false,
    }),
  }),
};
