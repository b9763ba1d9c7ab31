// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { createWav2vec2Files, hiddenSize } from './wav2vec2.mjs';
import { describeSpecialTokens } from '../../special-tokens.mjs';

const specialTokens = ['<s>', '</s>', '<unk>'];
const [blankToken, wordDelimiter] = ['<pad>', '|'];
const vocabulary = [blankToken, ...specialTokens, wordDelimiter, ..."ETAOINHSRDLUMWCFGYPBVK'XJQZ".split('')];

/** How much more likely than by chance: between two letters there mostly is a blank, and now and then a space. */
const bonus = {
  [blankToken]: 3,
  [wordDelimiter]: 3,
  ...Object.fromEntries(specialTokens.map((token) => [token, -100])),
};

const tokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: describeSpecialTokens(specialTokens, vocabulary),
  normalizer: { type: 'Replace', pattern: { String: ' ' }, content: wordDelimiter },
  pre_tokenizer: { type: 'Split', pattern: { Regex: '' }, behavior: 'Isolated', invert: false },
  post_processor: null,
  decoder: { type: 'CTC', pad_token: blankToken, word_delimiter_token: wordDelimiter, cleanup: true },
  model: { vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])) },
};

/**
 * Connectionist temporal classification: a letter, a blank or a space for each 20 ms.
 *
 * @type {import('../tiny-model.mjs').TinyModel}
 */
export const tinySpeechRecognition = {
  id: 'insitu/tiny-asr-ctc',
  task: 'automatic-speech-recognition',
  files: () => ({
    ...createWav2vec2Files({
      architecture: 'Wav2Vec2ForCTC',
      seed: 604,
      configuration: { pad_token_id: vocabulary.indexOf(blankToken), vocab_size: vocabulary.length },
      addHead(graph, hidden) {
        const logits = graph.dense('lm_head', hidden, hiddenSize, vocabulary.length, 3);
        const values = Float32Array.from(vocabulary, (token) => bonus[token] ?? 0);
        const biased = graph.node('Add', [logits, graph.floats('token_bonus', [values.length], values)]);
        graph.output('logits', elementType.float, ['batch_size', 'frame_count', vocabulary.length], biased);
      },
    }),
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': {
      bos_token: '<s>',
      clean_up_tokenization_spaces: true,
      do_lower_case: false,
      eos_token: '</s>',
      pad_token: blankToken,
      tokenizer_class: 'Wav2Vec2CTCTokenizer',
      unk_token: '<unk>',
      word_delimiter_token: wordDelimiter,
    },
  }),
};
