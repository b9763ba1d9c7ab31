// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { labelMaps } from '../bert.mjs';
import { imageProcessor } from './image-processor.mjs';
import { VisionGraph, hiddenSize } from './vision-graph.mjs';

const imageSize = 32;
const patchSize = 8;
const labels = ['animal', 'drink', 'machine', 'paper'];

/** @type {import('../tiny-model.mjs').TinyModel} */
export const tinyImageClassification = {
  id: 'insitu/tiny-image-classification',
  task: 'image-classification',
  files: () => createFiles({ size: { height: imageSize, width: imageSize } }),
};

/**
 * The same, whose images keep their proportions and lose their edges.
 *
 * @type {import('../tiny-model.mjs').TinyModel}
 */
export const tinyImageClassificationCrop = {
  id: 'insitu/tiny-image-classification-crop',
  task: 'image-classification',
  files: () =>
    createFiles({
      crop_size: { height: imageSize, width: imageSize },
      do_center_crop: true,
      resample: 3,
      size: { shortest_edge: 36 },
    }),
};

/** @param {object} processorOptions */
function createFiles(processorOptions) {
  const graph = new VisionGraph(301);
  const pooled = graph.pool('pooler', graph.encodeImage(graph.pixelValues(), patchSize));
  const logits = graph.dense('classifier', pooled, hiddenSize, labels.length, 3);
  graph.output('logits', elementType.float, ['batch_size', labels.length], logits);
  return {
    'config.json': {
      architectures: ['ViTForImageClassification'],
      hidden_size: hiddenSize,
      image_size: imageSize,
      model_type: 'vit',
      num_attention_heads: 1,
      num_channels: 3,
      num_hidden_layers: 1,
      patch_size: patchSize,
      ...labelMaps(labels),
    },
    'preprocessor_config.json': imageProcessor('ViTImageProcessor', processorOptions),
    'onnx/model.onnx': graph.encodeTiny('tiny-image-classification'),
  };
}
