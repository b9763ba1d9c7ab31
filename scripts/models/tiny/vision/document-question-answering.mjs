// @ts-check
import { encodeCaptionDecoder, headCount, inTurn } from './caption-decoder.mjs';
import { encodeImageEncoder } from './image-encoder.mjs';
import { imageProcessor } from './image-processor.mjs';
import { createUnigram, createUnigramConfiguration } from './unigram.mjs';
import { hiddenSize } from './vision-graph.mjs';

const imageSize = 64;
const patchSize = 16;

const groups = ['about exactly before after', '12 40 75 300', 'euros pages days people'].map((group) =>
  group.split(' '),
);
const questionWords =
  'what who when where which how many much is was are the a of in on date name total number page'.split(' ');

const { vocabulary, tokenizer } = createUnigram({
  words: [...groups.flat(), ...questionWords],
  markers: ['<s_docvqa>', '<s_question>', '</s_question>', '<s_answer>', '</s_answer>'],
  template: ['<s>', '$A', '</s>'],
});
const idOf = (/** @type {string} */ token) => vocabulary.indexOf(token);

/**
 * A Donut (https://arxiv.org/abs/2111.15664): a question stands in the decoder's prompt, and the answer follows.
 *
 * @type {import('../tiny-model.mjs').TinyModel}
 */
export const tinyDocumentQuestionAnswering = {
  id: 'insitu/tiny-document-question-answering',
  task: 'document-question-answering',
  files: () => ({
    'config.json': {
      architectures: ['VisionEncoderDecoderModel'],
      decoder: {
        add_cross_attention: true,
        architectures: ['MBartForCausalLM'],
        d_model: hiddenSize,
        decoder_attention_heads: headCount,
        decoder_layers: 1,
        encoder_attention_heads: headCount,
        encoder_layers: 1,
        is_decoder: true,
        max_position_embeddings: 128,
        model_type: 'mbart',
        vocab_size: vocabulary.length,
      },
      decoder_start_token_id: idOf('<s>'),
      encoder: { hidden_size: hiddenSize, image_size: [imageSize, imageSize], model_type: 'donut-swin' },
      is_encoder_decoder: true,
      model_type: 'vision-encoder-decoder',
      pad_token_id: idOf('<pad>'),
    },
    'generation_config.json': {
      bos_token_id: idOf('<s>'),
      decoder_start_token_id: idOf('<s>'),
      eos_token_id: idOf('</s>'),
      forced_eos_token_id: idOf('</s>'),
      max_length: 128,
      pad_token_id: idOf('<pad>'),
    },
    'preprocessor_config.json': imageProcessor('DonutImageProcessor', {
      do_align_long_axis: false,
      do_pad: true,
      do_thumbnail: true,
      size: { height: imageSize, width: imageSize },
    }),
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': createUnigramConfiguration('XLMRobertaTokenizer', 128),
    'onnx/encoder_model.onnx': encodeImageEncoder(114, patchSize),
    'onnx/decoder_model_merged.onnx': encodeCaptionDecoder({
      seed: 501,
      vocabulary,
      successors: inTurn([
        ['<s_answer>'],
        ...groups.map((group) => group.map((word) => `▁${word}`)),
        ['</s_answer>'],
        ['</s>'],
      ]),
      keepsImage: true,
    }),
  }),
};
