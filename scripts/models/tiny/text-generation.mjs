// @ts-check
import { createBytePairs } from './byte-pairs.mjs';
import { addLlama } from './llama-graph.mjs';
import { addSpelling } from './spelling.mjs';
import { TinyGraph } from './tiny-graph.mjs';

const [startToken, endToken, paddingToken] = ['<s>', '</s>', '<pad>'];
const specialTokens = [startToken, endToken, paddingToken, '<|system|>', '<|user|>', '<|assistant|>'];
const { vocabulary, tokenizer } = createBytePairs({ specialTokens, template: [startToken, '$A'] });

const tokenIds = {
  bos_token_id: vocabulary.indexOf(startToken),
  eos_token_id: vocabulary.indexOf(endToken),
  pad_token_id: vocabulary.indexOf(paddingToken),
};

const chatTemplate =
  "{{ bos_token }}{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] + eos_token }}" +
  "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

/**
 * The files of a Llama of these sizes.
 *
 * @param {object} options
 * @param {TinyGraph} options.graph An empty one.
 * @param {string} options.graphFile
 * @param {Omit<import('./llama-graph.mjs').LlamaSizes, 'vocab_size'>} options.sizes
 * @param {number} options.endBonus How much more likely the end of the text is than by chance.
 * @returns {Record<string, object>}
 */
export function createLlamaFiles({ graph, graphFile, sizes, endBonus }) {
  const llamaSizes = { vocab_size: vocabulary.length, ...sizes };
  addLlama(graph, llamaSizes, (logits, inputIds) =>
    addSpelling(graph, { logits, inputIds, vocabulary, specialTokens, endToken, endBonus }),
  );
  return {
    'config.json': {
      architectures: ['LlamaForCausalLM'],
      hidden_act: 'silu',
      model_type: 'llama',
      rms_norm_eps: 1e-6,
      rope_theta: 10000,
      tie_word_embeddings: false,
      ...llamaSizes,
      ...tokenIds,
    },
    'generation_config.json': tokenIds,
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': {
      add_bos_token: true,
      bos_token: startToken,
      chat_template: chatTemplate,
      clean_up_tokenization_spaces: false,
      eos_token: endToken,
      model_max_length: sizes.max_position_embeddings,
      pad_token: paddingToken,
      tokenizer_class: 'PreTrainedTokenizerFast',
    },
    [graphFile]: graph.encodeTiny('LlamaForCausalLM'),
  };
}

/** @type {import('./tiny-model.mjs').TinyModel} */
export const tinyTextGeneration = {
  id: 'insitu/tiny-text-generation',
  task: 'text-generation',
  files: () =>
    createLlamaFiles({
      graph: new TinyGraph(219),
      graphFile: 'onnx/model.onnx',
      sizes: {
        hidden_size: 16,
        intermediate_size: 32,
        num_hidden_layers: 2,
        num_attention_heads: 4,
        num_key_value_heads: 2,
        max_position_embeddings: 256,
      },
      endBonus: 2,
    }),
};
