// @ts-check
import { labelMaps } from '../bert.mjs';
import { encodeDetr } from './detr.mjs';
import { imageProcessor } from './image-processor.mjs';

const labels = ['sky', 'ground', 'cat', 'person'];

/** @type {import('../tiny-model.mjs').TinyModel} */
export const tinyPanopticSegmentation = {
  id: 'insitu/tiny-panoptic-segmentation',
  task: 'image-segmentation',
  files: () => ({
    'config.json': { architectures: ['DetrForSegmentation'], model_type: 'detr', ...labelMaps(labels) },
    // Masks have a field for each 4 pixels, and both sides are multiples of 8.
    'preprocessor_config.json': imageProcessor('DetrImageProcessor', { size: { height: 64, width: 96 } }),
    'onnx/model.onnx': encodeDetr({ seed: 205, queryCount: 6, labelCount: labels.length, hasMasks: true }),
  }),
};
