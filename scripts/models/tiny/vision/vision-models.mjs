// @ts-check
import { tinyBackgroundRemoval } from './background-removal.mjs';
import { tinyDepthEstimation } from './depth-estimation.mjs';
import { tinyImageClassification, tinyImageClassificationCrop } from './image-classification.mjs';
import { tinyImageFeatureExtraction } from './image-feature-extraction.mjs';
import { tinyImageSegmentation } from './image-segmentation.mjs';
import { tinyImageToImage } from './image-to-image.mjs';
import { tinyObjectDetection } from './object-detection.mjs';
import { tinyPanopticSegmentation } from './panoptic-segmentation.mjs';

/** @type {readonly import('../tiny-model.mjs').TinyModel[]} */
export const visionModels = Object.freeze([
  tinyBackgroundRemoval,
  tinyDepthEstimation,
  tinyImageClassification,
  tinyImageClassificationCrop,
  tinyImageFeatureExtraction,
  tinyImageSegmentation,
  tinyImageToImage,
  tinyObjectDetection,
  tinyPanopticSegmentation,
]);
