// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { imageProcessor } from './image-processor.mjs';
import { VisionGraph, hiddenSize } from './vision-graph.mjs';

const imageSize = 32;
const patchSize = 8;

/** @type {import('../tiny-model.mjs').TinyModel} */
export const tinyImageFeatureExtraction = {
  id: 'insitu/tiny-image-feature-extraction',
  task: 'image-feature-extraction',
  files: () => ({
    'config.json': {
      architectures: ['ViTModel'],
      hidden_size: hiddenSize,
      image_size: imageSize,
      model_type: 'vit',
      num_attention_heads: 1,
      num_channels: 3,
      num_hidden_layers: 1,
      patch_size: patchSize,
    },
    'preprocessor_config.json': imageProcessor('ViTImageProcessor', { size: { height: imageSize, width: imageSize } }),
    'onnx/model.onnx': encodeModel(),
  }),
};

function encodeModel() {
  const graph = new VisionGraph(102);
  const pieces = graph.encodeImage(graph.pixelValues(), patchSize);
  const whole = graph.pool('class_token', pieces);
  const hidden = graph.node('Concat', [graph.node('Unsqueeze', [whole, graph.integers([1])]), pieces], { axis: 1 });
  const pooled = graph.node('Tanh', [graph.dense('pooler', whole, hiddenSize, hiddenSize)]);
  graph.output('last_hidden_state', elementType.float, ['batch_size', 'sequence_length', hiddenSize], hidden);
  graph.output('pooler_output', elementType.float, ['batch_size', hiddenSize], pooled);
  return graph.encodeTiny('tiny-image-feature-extraction');
}
