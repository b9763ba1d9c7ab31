// @ts-check
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encodeStuntsGraph, hiddenSize } from './stunts-graph.mjs';
import { tokenId, tokenizer, tokenizerConfiguration, vocabulary } from './stunts-vocabulary.mjs';

/** What transformers.js reads to choose classes, and what else is usual in a BERT. */
const configuration = {
  architectures: ['BertModel'],
  hidden_size: hiddenSize,
  intermediate_size: hiddenSize,
  max_position_embeddings: tokenizerConfiguration.model_max_length,
  model_type: 'bert',
  num_attention_heads: 1,
  num_hidden_layers: 1,
  pad_token_id: tokenId(tokenizerConfiguration.pad_token),
  type_vocab_size: 2,
  vocab_size: vocabulary.length,
};

/**
 * Builds insitu/stunts, see {@link encodeStuntsGraph}.
 *
 * @param {string} _ There is no package.
 * @param {string} outputDirectory
 */
export async function buildStunts(_, outputDirectory) {
  await mkdir(path.join(outputDirectory, 'onnx'), { recursive: true });
  await writeFile(path.join(outputDirectory, 'onnx', 'model_quantized.onnx'), encodeStuntsGraph());
  for (const [name, content] of Object.entries({
    config: configuration,
    tokenizer,
    tokenizer_config: tokenizerConfiguration,
  })) {
    await writeFile(path.join(outputDirectory, `${name}.json`), JSON.stringify(content, null, 2));
  }
}
