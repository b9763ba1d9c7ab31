// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { labelMaps } from '../bert.mjs';
import { imageProcessor } from './image-processor.mjs';
import { VisionGraph, hiddenSize } from './vision-graph.mjs';

const labels = ['sky', 'ground', 'animal', 'thing'];

/** @type {import('../tiny-model.mjs').TinyModel} */
export const tinyImageSegmentation = {
  id: 'insitu/tiny-image-segmentation',
  task: 'image-segmentation',
  files: () => ({
    'config.json': {
      architectures: ['SegformerForSemanticSegmentation'],
      model_type: 'segformer',
      ...labelMaps(labels),
    },
    'preprocessor_config.json': imageProcessor('SegformerImageProcessor', { size: { height: 64, width: 64 } }),
    'onnx/model.onnx': encodeModel(),
  }),
};

function encodeModel() {
  const graph = new VisionGraph(105);
  const features = graph.featureMap(graph.pixelValues());
  const logits = graph.convolution('classifier', features, { inputs: hiddenSize, outputs: labels.length, gain: 4 });
  graph.output('logits', elementType.float, ['batch_size', labels.length, 'map_height', 'map_width'], logits);
  return graph.encodeTiny('tiny-image-segmentation');
}
