// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { imageProcessor } from './image-processor.mjs';
import { VisionGraph, hiddenSize } from './vision-graph.mjs';

/** @type {import('../tiny-model.mjs').TinyModel} */
export const tinyDepthEstimation = {
  id: 'insitu/tiny-depth-estimation',
  task: 'depth-estimation',
  files: () => ({
    'config.json': { architectures: ['DepthAnythingForDepthEstimation'], model_type: 'depth_anything' },
    'preprocessor_config.json': imageProcessor('DPTImageProcessor', {
      ensure_multiple_of: 8,
      keep_aspect_ratio: true,
      resample: 3,
      size: { height: 64, width: 64 },
    }),
    'onnx/model.onnx': encodeModel(),
  }),
};

function encodeModel() {
  const graph = new VisionGraph(107);
  const pixels = graph.pixelValues();
  const depth = graph.convolution('depth', graph.featureMap(pixels), { inputs: hiddenSize, outputs: 1, gain: 4 });
  const positive = graph.node('Relu', [graph.node('Add', [graph.stretch(depth, pixels), graph.float(6)])]);
  const map = graph.node('Squeeze', [positive, graph.integers([1])]);
  graph.output('predicted_depth', elementType.float, ['batch_size', 'height', 'width'], map);
  return graph.encodeTiny('tiny-depth-estimation');
}
