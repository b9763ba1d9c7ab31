// @ts-check
import { tinyBackgroundRemoval } from './background-removal.mjs';
import { tinyDepthEstimation } from './depth-estimation.mjs';
import { tinyDocumentQuestionAnswering } from './document-question-answering.mjs';
import { tinyImageClassification, tinyImageClassificationCrop } from './image-classification.mjs';
import { tinyImageFeatureExtraction } from './image-feature-extraction.mjs';
import { tinyImageSegmentation } from './image-segmentation.mjs';
import { tinyImageToImage } from './image-to-image.mjs';
import { tinyImageToText } from './image-to-text.mjs';
import { tinyObjectDetection } from './object-detection.mjs';
import { tinyPanopticSegmentation } from './panoptic-segmentation.mjs';
import {
  tinyZeroShotImageClassification,
  tinyZeroShotImageClassificationSiglip,
} from './zero-shot-image-classification.mjs';
import { tinyZeroShotObjectDetection } from './zero-shot-object-detection.mjs';

/** @type {readonly import('../tiny-model.mjs').TinyModel[]} */
export const visionModels = Object.freeze([
  tinyBackgroundRemoval,
  tinyDepthEstimation,
  tinyDocumentQuestionAnswering,
  tinyImageClassification,
  tinyImageClassificationCrop,
  tinyImageFeatureExtraction,
  tinyImageSegmentation,
  tinyImageToImage,
  tinyImageToText,
  tinyObjectDetection,
  tinyPanopticSegmentation,
  tinyZeroShotImageClassification,
  tinyZeroShotImageClassificationSiglip,
  tinyZeroShotObjectDetection,
]);
