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

const [startToken, paddingToken, endToken] = ['<s>', '<pad>', '</s>'];
const languages = ['eng_Latn', 'fra_Latn', 'deu_Latn'];
const specialTokens = [startToken, paddingToken, endToken, '<unk>', ...languages];
const { vocabulary, tokenizer } = createBytePairs({ specialTokens, template: ['eng_Latn', '$A', endToken] });

const tokenIds = {
  bos_token_id: vocabulary.indexOf(startToken),
  decoder_start_token_id: vocabulary.indexOf(endToken),
  eos_token_id: vocabulary.indexOf(endToken),
  pad_token_id: vocabulary.indexOf(paddingToken),
};

/**
 * In the form of NLLB: the first token tells the language of the text, the first of the translation is forced to be the wanted one.
 *
 * @type {import('./tiny-model.mjs').TinyModel}
 */
export const tinyTranslation = {
  id: 'insitu/tiny-translation',
  task: 'translation',
  files: () => ({
    'config.json': {
      architectures: ['M2M100ForConditionalGeneration'],
      d_model: hiddenSize,
      decoder_attention_heads: headCount,
      decoder_ffn_dim: intermediateSize,
      decoder_layers: layerCount,
      encoder_attention_heads: headCount,
      encoder_ffn_dim: intermediateSize,
      encoder_layers: layerCount,
      is_encoder_decoder: true,
      max_position_embeddings: maximalLength,
      model_type: 'm2m_100',
      vocab_size: vocabulary.length,
      ...tokenIds,
    },
    'generation_config.json': tokenIds,
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': {
      additional_special_tokens: languages,
      bos_token: startToken,
      clean_up_tokenization_spaces: false,
      eos_token: endToken,
      model_max_length: maximalLength,
      pad_token: paddingToken,
      tokenizer_class: 'NllbTokenizer',
      unk_token: '<unk>',
    },
    ...createEncoderDecoderGraphs('M2M100ForConditionalGeneration', 509, {
      vocabulary,
      specialTokens,
      endToken,
      endBonus: 2,
    }),
  }),
};
