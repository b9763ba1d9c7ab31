import { describe, expectTypeOf, it } from 'vitest';
import type {
  BatchItem,
  Depth,
  Detection,
  FloatTensor,
  ImageInput,
  ImagePixels,
  LabelScore,
  Pipeline,
  ResultStream,
  Segment,
  Written,
} from './index.ts';

declare const classify: Pipeline<'image-classification'>;
declare const hold: Pipeline<'zero-shot-image-classification'>;
declare const detect: Pipeline<'object-detection'>;
declare const find: Pipeline<'zero-shot-object-detection'>;
declare const segment: Pipeline<'image-segmentation'>;
declare const cutOut: Pipeline<'background-removal'>;
declare const measure: Pipeline<'depth-estimation'>;
declare const enlarge: Pipeline<'image-to-image'>;
declare const describeImage: Pipeline<'image-to-text'>;
declare const embed: Pipeline<'image-feature-extraction'>;
declare const ask: Pipeline<'document-question-answering'>;
declare const signal: AbortSignal;
declare const image: ImageInput;
declare const images: readonly ImageInput[];

describe('an image', () => {
  it('is whatever a page has of one', () => {
    expectTypeOf<string | URL | Blob | File>().toExtend<ImageInput>();
    expectTypeOf<
      ImageData | ImageBitmap | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas
    >().toExtend<ImageInput>();
    expectTypeOf<HTMLVideoElement | VideoFrame | SVGImageElement>().toExtend<ImageInput>();
    expectTypeOf<ImagePixels>().toExtend<ImageInput>();
  });

  it('is nothing else', () => {
    // @ts-expect-error a number is no image
    void classify(42);
    // @ts-expect-error bytes have no size
    void classify(new Uint8Array(4));
    // @ts-expect-error any element is not one that shows an image
    void classify({} as HTMLDivElement);
    // @ts-expect-error an image is needed
    void classify();
  });
});

describe('image classification', () => {
  it('gives labels', () => {
    expectTypeOf(classify(image)).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(classify(images, { topK: 3, signal })).resolves.toEqualTypeOf<LabelScore[][]>();
    expectTypeOf(classify('cat.jpg', { top_k: 3 })).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(classify.stream(images)).toEqualTypeOf<
      ResultStream<BatchItem<LabelScore[]>, LabelScore[] | LabelScore[][]>
    >();
    // @ts-expect-error an option of another task
    void classify(image, { threshold: 0.5 });
  });

  it('gives labels of the caller', () => {
    expectTypeOf(hold(image, ['cat', 'dog'])).resolves.toEqualTypeOf<LabelScore[]>();
    expectTypeOf(hold(images, ['cat'], { hypothesis_template: 'A {}' })).resolves.toEqualTypeOf<LabelScore[][]>();
    expectTypeOf(hold.stream(images, ['cat'], { hypothesisTemplate: 'A {}' })).toExtend<
      AsyncIterable<BatchItem<LabelScore[]>>
    >();
    // @ts-expect-error labels are needed
    void hold(image);
    // @ts-expect-error labels are a list
    void hold(image, 'cat');
  });
});

describe('object detection', () => {
  it('gives labels with boxes', () => {
    expectTypeOf(detect(image)).resolves.toEqualTypeOf<Detection[]>();
    expectTypeOf(detect(images, { threshold: 0.5, percentage: true })).resolves.toEqualTypeOf<Detection[][]>();
    expectTypeOf<Detection['box']>().toEqualTypeOf<{ xmin: number; ymin: number; xmax: number; ymax: number }>();
    expectTypeOf(detect.stream(images)).toExtend<AsyncIterable<BatchItem<Detection[]>>>();
    expectTypeOf(find(image, ['cat'])).resolves.toEqualTypeOf<Detection[]>();
    expectTypeOf(find(images, ['cat'], { top_k: null, threshold: 0.1 })).resolves.toEqualTypeOf<Detection[][]>();
    expectTypeOf(find.stream(image, ['cat'])).toExtend<AsyncIterable<BatchItem<Detection[]>>>();
    // @ts-expect-error a number
    void detect(image, { threshold: '0.5' });
    // @ts-expect-error what is to be found has to be named
    void find(image);
  });
});

describe('image segmentation', () => {
  it('gives masks', () => {
    expectTypeOf(segment(image)).resolves.toEqualTypeOf<Segment[]>();
    expectTypeOf(segment(images, { subtask: 'panoptic', labelIdsToFuse: [1] })).resolves.toEqualTypeOf<Segment[][]>();
    void segment(image, { mask_threshold: 0.5, target_sizes: [[2, 3]] });
    expectTypeOf<Segment>().toEqualTypeOf<{ label: string | null; score: number | null; mask: ImagePixels }>();
    expectTypeOf(segment.stream(image)).toExtend<AsyncIterable<BatchItem<Segment[]>>>();
    // @ts-expect-error no such subtask
    void segment(image, { subtask: 'all' });
    // @ts-expect-error a size is a height and a width
    void segment(image, { targetSizes: [[1, 2, 3]] });
  });
});

describe('tasks that give images', () => {
  it('take no options of their own', () => {
    expectTypeOf(cutOut(image)).resolves.toEqualTypeOf<ImagePixels>();
    expectTypeOf(cutOut(images, { signal })).resolves.toEqualTypeOf<ImagePixels[]>();
    expectTypeOf(enlarge(image)).resolves.toEqualTypeOf<ImagePixels>();
    expectTypeOf(enlarge(images)).resolves.toEqualTypeOf<ImagePixels[]>();
    expectTypeOf(measure(image)).resolves.toEqualTypeOf<Depth>();
    expectTypeOf(measure(images)).resolves.toEqualTypeOf<Depth[]>();
    expectTypeOf<Depth['depth']>().toEqualTypeOf<ImagePixels>();
    expectTypeOf<Depth['predicted_depth']['data']>().toExtend<Float32Array>();
    expectTypeOf(cutOut.stream(images)).toExtend<AsyncIterable<BatchItem<ImagePixels>>>();
    expectTypeOf(enlarge.stream(images)).toExtend<AsyncIterable<BatchItem<ImagePixels>>>();
    expectTypeOf(measure.stream(images)).toExtend<AsyncIterable<BatchItem<Depth>>>();
    // @ts-expect-error an option of another task
    void cutOut(image, { threshold: 0.5 });
    // @ts-expect-error an option of another task
    void enlarge(image, { topK: 1 });
    // @ts-expect-error an option of another task
    void measure(image, { topK: 1 });
  });
});

describe('tasks that write about images', () => {
  it('give text, and stream it', () => {
    expectTypeOf(describeImage(image)).resolves.toEqualTypeOf<{ generated_text: string }[]>();
    expectTypeOf(describeImage(images, { maxNewTokens: 9 })).resolves.toEqualTypeOf<{ generated_text: string }[][]>();
    expectTypeOf(describeImage.stream(image, { max_new_tokens: 9 })).toEqualTypeOf<
      ResultStream<string, Written<{ generated_text: string }[]>>
    >();
    // @ts-expect-error a stream is of one image
    void describeImage.stream([image, image]);
  });

  it('answer questions about a document', () => {
    expectTypeOf(ask(image, 'Which?')).resolves.toEqualTypeOf<{ answer: string | null }[]>();
    expectTypeOf(ask.stream(image, 'Which?', { maxNewTokens: 9 })).toEqualTypeOf<
      ResultStream<string, Written<{ answer: string | null }[]>>
    >();
    // @ts-expect-error a question is needed
    void ask(image);
    // @ts-expect-error one document at a time
    void ask(images, 'Which?');
  });
});

describe('image feature extraction', () => {
  it('gives vectors', () => {
    expectTypeOf(embed(image)).resolves.toEqualTypeOf<FloatTensor>();
    expectTypeOf(embed(images, { pool: true })).resolves.toEqualTypeOf<FloatTensor>();
    expectTypeOf(embed.stream(images)).toEqualTypeOf<ResultStream<BatchItem<FloatTensor>, FloatTensor>>();
    // @ts-expect-error an option of texts
    void embed(image, { pooling: 'mean' });
  });
});
