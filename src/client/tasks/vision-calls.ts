import type { BatchItem, Written } from '../../protocol/tasks/run-options.ts';
import type { LabelScore } from '../../protocol/tasks/text-tasks.ts';
import type {
  Depth,
  Detection,
  FloatTensor,
  ImageClassificationOptions,
  ImageFeatureExtractionOptions,
  ImagePixels,
  ImageSegmentationOptions,
  NoOptions,
  ObjectDetectionOptions,
  Segment,
  ZeroShotImageClassificationOptions,
  ZeroShotObjectDetectionOptions,
} from '../../protocol/tasks/vision-tasks.ts';
import type { DecodingOptions, GenerationOptions } from '../../protocol/tasks/writing-tasks.ts';
import type { EachCall, EachWithCall, ResultStream, TaskOptions, WritingCall } from './task-calls.ts';

/**
 * An image: the address of one, a file, pixels, or an element that shows it. Files are turned as their orientation says. What is passed
 * stays usable.
 */
export type ImageInput =
  | string
  | URL
  | Blob
  | ImageData
  | ImageBitmap
  | HTMLImageElement
  | SVGImageElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLVideoElement
  | VideoFrame
  | { data: Uint8Array | Uint8ClampedArray; width: number; height: number; channels?: 1 | 2 | 3 | 4 };

interface ImageFeatureExtractionCall {
  /** Vectors of the images, in their order. */
  (
    input: ImageInput | readonly ImageInput[],
    options?: TaskOptions<ImageFeatureExtractionOptions>,
  ): Promise<FloatTensor>;
  stream(
    input: ImageInput | readonly ImageInput[],
    options?: TaskOptions<ImageFeatureExtractionOptions>,
  ): ResultStream<BatchItem<FloatTensor>, FloatTensor>;
}

interface DocumentQuestionAnsweringCall {
  /** What a picture of a document says to a question; `null` if the model says nothing that can be read. */
  (image: ImageInput, question: string, options?: TaskOptions<DecodingOptions>): Promise<{ answer: string | null }[]>;
  stream(
    image: ImageInput,
    question: string,
    options?: TaskOptions<DecodingOptions>,
  ): ResultStream<string, Written<{ answer: string | null }[]>>;
}

/** How the pipelines are called that see. */
export interface VisionCalls {
  'image-classification': EachCall<ImageInput, ImageClassificationOptions, LabelScore[]>;
  'zero-shot-image-classification': EachWithCall<
    ImageInput,
    readonly string[],
    ZeroShotImageClassificationOptions,
    LabelScore[]
  >;
  'object-detection': EachCall<ImageInput, ObjectDetectionOptions, Detection[]>;
  'zero-shot-object-detection': EachWithCall<
    ImageInput,
    readonly string[],
    ZeroShotObjectDetectionOptions,
    Detection[]
  >;
  'image-segmentation': EachCall<ImageInput, ImageSegmentationOptions, Segment[]>;
  'background-removal': EachCall<ImageInput, NoOptions, ImagePixels>;
  'depth-estimation': EachCall<ImageInput, NoOptions, Depth>;
  'image-to-image': EachCall<ImageInput, NoOptions, ImagePixels>;
  'image-to-text': WritingCall<ImageInput, GenerationOptions, { generated_text: string }[]>;
  'image-feature-extraction': ImageFeatureExtractionCall;
  'document-question-answering': DocumentQuestionAnsweringCall;
}
