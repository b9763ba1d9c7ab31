// @ts-check
import { elementType } from '../../onnx-writer.mjs';
import { VisionGraph } from './vision-graph.mjs';

const upscale = 2;
const windowSize = 8;

/** @type {import('../tiny-model.mjs').TinyModel} */
export const tinyImageToImage = {
  id: 'insitu/tiny-image-to-image',
  task: 'image-to-image',
  files: () => ({
    'config.json': {
      architectures: ['Swin2SRForImageSuperResolution'],
      model_type: 'swin2sr',
      num_channels: 3,
      upscale,
      window_size: windowSize,
    },
    'preprocessor_config.json': {
      do_pad: true,
      do_rescale: true,
      image_processor_type: 'Swin2SRImageProcessor',
      pad_size: windowSize,
      rescale_factor: 1 / 255,
    },
    'onnx/model.onnx': encodeModel(),
  }),
};

/** Details are added to the image, which is stretched to twice its width and height. */
function encodeModel() {
  const graph = new VisionGraph(108);
  const pixels = graph.pixelValues();
  const detail = graph.convolution('detail', pixels, { inputs: 3, outputs: 3 * upscale ** 2, size: 3, gain: 0.3 });
  const upscaled = graph.node('DepthToSpace', [graph.node('Tanh', [detail])], { blocksize: upscale });
  const sum = graph.node('Add', [graph.stretch(pixels, upscaled), upscaled]);
  graph.output('reconstruction', elementType.float, ['batch_size', 3, 'output_height', 'output_width'], sum);
  return graph.encodeTiny('tiny-image-to-image');
}
