import type { LabelScore } from './text-tasks.ts';
import type { DecodingOptions, GenerationOptions } from './writing-tasks.ts';

/** Pixels, row by row from the top left, with `channels` numbers each: 1 grey, 3 red, green, blue, 4 with alpha; 0..255. */
export interface ImagePixels {
  data: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
  channels: 1 | 2 | 3 | 4;
}

export interface ImageClassificationOptions {
  /** How many labels to return, best first. @default 5 */
  topK?: number;
}

export interface ZeroShotImageClassificationOptions {
  /** The sentence that an image is held against; `{}` stands for a label. @default 'This is a photo of {}' */
  hypothesisTemplate?: string;
}

/** A rectangle, in pixels of the image, or in parts of its width and height (0..1) with `percentage`. */
export interface BoundingBox {
  xmin: number;
  ymin: number;
  xmax: number;
  ymax: number;
}

export interface Detection extends LabelScore {
  box: BoundingBox;
}

export interface ObjectDetectionOptions {
  /** Leaves out what is less probable, 0..1. @default 0.9 */
  threshold?: number;
  /** Boxes in parts of the image instead of pixels. @default false */
  percentage?: boolean;
}

export interface ZeroShotObjectDetectionOptions {
  /** Leaves out what is less probable, 0..1. @default 0.1 */
  threshold?: number;
  /** Most objects; `null` for all. @default null */
  topK?: number | null;
  /** Boxes in parts of the image instead of pixels. @default false */
  percentage?: boolean;
}

export interface ImageSegmentationOptions {
  /** Leaves out segments that are less probable, 0..1. @default 0.5 */
  threshold?: number;
  /** From which probability on a pixel belongs to a segment. @default 0.5 */
  maskThreshold?: number;
  /** Leaves out segments of which less than this part is not hidden by others. @default 0.8 */
  overlapMaskAreaThreshold?: number;
  /** Labels whose segments are joined into one each. */
  labelIdsToFuse?: readonly number[];
  /** `[height, width]` of the masks. @default those of the image */
  targetSizes?: readonly [height: number, width: number][];
  /** @default what the model is made for */
  subtask?: 'panoptic' | 'instance' | 'semantic';
}

export interface Segment {
  /** `null` where the model has no labels. */
  label: string | null;
  /** Probability, 0..1; `null` where the model gives none. */
  score: number | null;
  /** One channel: 255 where the segment is. */
  mask: ImagePixels;
}

/** Numbers with their shape. */
export interface FloatTensor {
  data: Float32Array<ArrayBuffer>;
  dims: number[];
}

export interface Depth {
  /** The model's own numbers, `[height, width]` of the image. */
  predicted_depth: FloatTensor & { type: 'float32' };
  /** The same scaled to 0..255, one channel. */
  depth: ImagePixels;
}

export interface ImageFeatureExtractionOptions {
  /** One vector of the image instead of one of each patch; for models that have it. @default false */
  pool?: boolean;
}

/** A task without options of its own. */
export type NoOptions = Record<never, never>;

/** Options of the tasks that see. */
export interface VisionTaskOptions {
  'image-classification': ImageClassificationOptions;
  'zero-shot-image-classification': ZeroShotImageClassificationOptions;
  'object-detection': ObjectDetectionOptions;
  'zero-shot-object-detection': ZeroShotObjectDetectionOptions;
  'image-segmentation': ImageSegmentationOptions;
  'background-removal': NoOptions;
  'depth-estimation': NoOptions;
  'image-to-image': NoOptions;
  'image-to-text': GenerationOptions;
  'image-feature-extraction': ImageFeatureExtractionOptions;
  'document-question-answering': DecodingOptions;
}
