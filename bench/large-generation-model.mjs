// @ts-check
import { QuantizedGraph } from '../scripts/models/tiny/quantized-graph.mjs';
import { createLlamaFiles } from '../scripts/models/tiny/text-generation.mjs';
import { TinyGraph } from '../scripts/models/tiny/tiny-graph.mjs';
import { writeTinyModel } from '../scripts/models/tiny/tiny-model.mjs';

/** 30 million parameters, 29 of them in dense layers. */
const sizes = {
  hidden_size: 512,
  intermediate_size: 1376,
  num_hidden_layers: 10,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  max_position_embeddings: 1024,
};

/**
 * Writes a Llama with random weights that never ends a text by itself, so that a run takes as many steps as it is asked for.
 *
 * @param {string} directory
 * @param {'fp32' | 'q8'} dtype 119 MB or 31 MB.
 */
export async function writeLargeGenerationModel(directory, dtype) {
  const [graph, graphFile] =
    dtype === 'q8' ? [new QuantizedGraph(1), 'onnx/model_quantized.onnx'] : [new TinyGraph(1), 'onnx/model.onnx'];
  const model = {
    id: 'bench/large-generation',
    task: 'text-generation',
    files: () => createLlamaFiles({ graph, graphFile, sizes, endBonus: -Infinity }),
  };
  await writeTinyModel(model, directory);
}
