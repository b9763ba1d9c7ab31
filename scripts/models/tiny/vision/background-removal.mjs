// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { imageProcessor } from './image-processor.mjs';
import { VisionGraph, hiddenSize } from './vision-graph.mjs';

/** @type {import('../tiny-model.mjs').TinyModel} */
export const tinyBackgroundRemoval = {
  id: 'insitu/tiny-background-removal',
  task: 'background-removal',
  files: () => ({
    'config.json': { architectures: ['MODNet'], model_type: 'modnet' },
    'preprocessor_config.json': imageProcessor('ImageFeatureExtractor', {
      size: { shortest_edge: 64 },
      size_divisibility: 8,
    }),
    'onnx/model.onnx': encodeModel(),
  }),
};

function encodeModel() {
  const graph = new VisionGraph(106);
  const pixels = graph.pixelValues('input');
  const matte = graph.convolution('matte', graph.featureMap(pixels), { inputs: hiddenSize, outputs: 1, gain: 4 });
  const alpha = graph.node('Sigmoid', [graph.stretch(matte, pixels)]);
  graph.output('output', elementType.float, ['batch_size', 1, 'height', 'width'], alpha);
  return graph.encodeTiny('tiny-background-removal');
}
