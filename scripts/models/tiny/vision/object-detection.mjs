// @ts-check
import { labelMaps } from '../bert.mjs';
import { encodeDetr } from './detr.mjs';
import { imageProcessor } from './image-processor.mjs';

const labels = ['cat', 'cup', 'person'];

/** @type {import('../tiny-model.mjs').TinyModel} */
export const tinyObjectDetection = {
  id: 'insitu/tiny-object-detection',
  task: 'object-detection',
  files: () => ({
    'config.json': { architectures: ['DetrForObjectDetection'], model_type: 'detr', ...labelMaps(labels) },
    'preprocessor_config.json': imageProcessor('DetrImageProcessor', { size: { shortest_edge: 64, longest_edge: 96 } }),
    'onnx/model.onnx': encodeDetr({ seed: 201, queryCount: 8, labelCount: labels.length, hasMasks: false }),
  }),
};
