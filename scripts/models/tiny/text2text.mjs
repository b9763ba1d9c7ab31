// @ts-check
import { createBytePairs } from './byte-pairs.mjs';
import {
  createEncoderDecoderGraphs,
  headCount,
  hiddenSize,
  intermediateSize,
  layerCount,
  maximalLength,
} from './encoder-decoder.mjs';

const [paddingToken, endToken] = ['<pad>', '</s>'];
const specialTokens = [paddingToken, endToken, '<unk>'];
const { vocabulary, tokenizer } = createBytePairs({ specialTokens, template: ['$A', endToken] });

const tokenIds = {
  decoder_start_token_id: vocabulary.indexOf(paddingToken),
  eos_token_id: vocabulary.indexOf(endToken),
  pad_token_id: vocabulary.indexOf(paddingToken),
};

/**
 * For text2text-generation and summarization.
 *
 * @type {import('./tiny-model.mjs').TinyModel}
 */
export const tinyText2text = {
  id: 'insitu/tiny-text2text',
  task: 'text2text-generation',
  files: () => ({
    'config.json': {
      architectures: ['T5ForConditionalGeneration'],
      d_ff: intermediateSize,
      d_kv: hiddenSize / headCount,
      d_model: hiddenSize,
      is_encoder_decoder: true,
      model_type: 't5',
      num_decoder_layers: layerCount,
      num_heads: headCount,
      num_layers: layerCount,
      task_specific_params: { summarization: { prefix: 'summarize: ' } },
      vocab_size: vocabulary.length,
      ...tokenIds,
    },
    'generation_config.json': tokenIds,
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': {
      clean_up_tokenization_spaces: false,
      eos_token: endToken,
      model_max_length: maximalLength,
      pad_token: paddingToken,
      tokenizer_class: 'T5Tokenizer',
      unk_token: '<unk>',
    },
    ...createEncoderDecoderGraphs('T5ForConditionalGeneration', 511, {
      vocabulary,
      specialTokens,
      endToken,
      endBonus: 4,
    }),
  }),
};
