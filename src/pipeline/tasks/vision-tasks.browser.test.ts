import { describe, expect, it } from 'vitest';
import type { TaskDefinition } from '../task-definition.ts';
import { backgroundRemoval } from './background-removal.ts';
import { depthEstimation } from './depth-estimation.ts';
import { documentQuestionAnswering } from './document-question-answering.ts';
import { imageClassification } from './image-classification.ts';
import { imageFeatureExtraction } from './image-feature-extraction.ts';
import { imageSegmentation } from './image-segmentation.ts';
import { imageToImage } from './image-to-image.ts';
import { imageToText } from './image-to-text.ts';
import { objectDetection } from './object-detection.ts';
import { runTask } from './run-task.conformance.ts';
import { zeroShotImageClassification } from './zero-shot-image-classification.ts';
import { zeroShotObjectDetection } from './zero-shot-object-detection.ts';

/** An image as the page sends it, grey all over. */
const image = (width: number, height = 1, grey = 128) => {
  const data = new Uint8ClampedArray(width * height * 4).fill(grey);
  for (let alpha = 3; alpha < data.length; alpha += 4) data[alpha] = 255;
  return { kind: 'image-pixels', data, width, height };
};
const seen = ([input]: readonly unknown[]) => input as { pixels: Uint8ClampedArray; width: number; height: number };

const each: [string, TaskDefinition, unknown[]][] = [
  ['image classification', imageClassification, []],
  ['zero-shot image classification', zeroShotImageClassification, [['cat', 'dog']]],
  ['object detection', objectDetection, []],
  ['zero-shot object detection', zeroShotObjectDetection, [['cat', 'dog']]],
  ['image segmentation', imageSegmentation, []],
  ['background removal', backgroundRemoval, []],
  ['depth estimation', depthEstimation, []],
  ['image to image', imageToImage, []],
];
const all: typeof each = [
  ...each,
  ['image to text', imageToText, []],
  ['document question answering', documentQuestionAnswering, ['Which?']],
  ['image feature extraction', imageFeatureExtraction, []],
];

describe.each(each)('%s', (_, task, others) => {
  it('sees the pixels of an image', async () => {
    const { value, asked } = await runTask(task, () => 'seen', [image(3, 2, 77), ...others]);
    expect(value).toBe('seen');
    const [{ inputs } = { inputs: [] }] = asked;
    expect(seen(inputs)).toMatchObject({ width: 3, height: 2 });
    expect([...seen(inputs).pixels.slice(0, 4)]).toEqual([77, 77, 77, 255]);
    expect(inputs.slice(1)).toEqual(others);
  });

  it('sees several one by one, and streams what each shows', async () => {
    const inputs = [[image(1), image(2)], ...others];
    const widths = (given: readonly unknown[]) => seen(given).width;
    const { value, asked, chunks, progress } = await runTask(task, widths, inputs, {}, { streaming: true });
    expect(value).toEqual([1, 2]);
    expect(asked).toHaveLength(2);
    expect(chunks).toEqual([
      { index: 0, value: 1 },
      { index: 1, value: 2 },
    ]);
    expect(progress).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });
});

describe.each(all)('%s', (_, task, others) => {
  it.each([
    ['an address that was not fetched', 'https://example.com/cat.jpg'],
    ['nothing', undefined],
    ['a sound', { kind: 'audio-samples', channels: [], rate: 1 }],
    ['a file that is no image', { kind: 'image-blob', blob: new Blob(['no image']) }],
  ])('refuses %s', async (_kind, input) => {
    await expect(runTask(task, () => 'seen', [input, ...others])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      hint: expect.stringMatching(/\w/),
    });
  });

  it('refuses an option that it has not', async () => {
    await expect(runTask(task, () => 'seen', [image(1), ...others], { colour: 'red' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });
});

describe('the options of', () => {
  it.each<[string, TaskDefinition, unknown[], object, object]>([
    ['image classification', imageClassification, [], { topK: 3 }, { top_k: 3 }],
    [
      'zero-shot image classification',
      zeroShotImageClassification,
      [['cat']],
      { hypothesisTemplate: 'A {}' },
      { hypothesis_template: 'A {}' },
    ],
    [
      'object detection',
      objectDetection,
      [],
      { threshold: 0.5, percentage: true },
      { threshold: 0.5, percentage: true },
    ],
    [
      'zero-shot object detection',
      zeroShotObjectDetection,
      [['cat']],
      { topK: null, threshold: 0 },
      { top_k: null, threshold: 0 },
    ],
    [
      'image segmentation',
      imageSegmentation,
      [],
      { maskThreshold: 0.4, overlapMaskAreaThreshold: 0.7, targetSizes: [[2, 3]], subtask: 'semantic' },
      { mask_threshold: 0.4, overlap_mask_area_threshold: 0.7, target_sizes: [[2, 3]], subtask: 'semantic' },
    ],
    ['image segmentation', imageSegmentation, [], { labelIdsToFuse: [1, 2] }, { label_ids_to_fuse: new Set([1, 2]) }],
    ['image to text', imageToText, [], { maxNewTokens: 3 }, { max_new_tokens: 3 }],
  ])('%s become those of transformers.js', async (_, task, others, options, expected) => {
    const { asked } = await runTask(task, () => [], [image(1), ...others], { ...options });
    expect(asked[0]!.options).toEqual(expected);
  });

  it.each<[string, TaskDefinition, object]>([
    ['image classification', imageClassification, { topK: 0 }],
    ['object detection', objectDetection, { threshold: 2 }],
    ['image segmentation', imageSegmentation, { labelIdsToFuse: ['cat'] }],
    ['image segmentation', imageSegmentation, { targetSizes: [[1, 2, 3]] }],
    ['image segmentation', imageSegmentation, { subtask: 'all' }],
    ['image feature extraction', imageFeatureExtraction, { pool: 1 }],
  ])('%s are checked: %o', async (_, task, options) => {
    await expect(runTask(task, () => [], [image(1)], { ...options })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('of pooling are refused where the model has no pooler', async () => {
    const run = (outputs: string[]) =>
      runTask(
        imageFeatureExtraction,
        () => ({ data: new Float32Array(2), dims: [1, 2] }),
        [image(1)],
        { pool: true },
        { engine: { outputs } },
      );
    await expect(run(['last_hidden_state'])).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringContaining('last_hidden_state'),
      hint: expect.stringContaining('pool'),
    });
    expect((await run(['last_hidden_state', 'pooler_output'])).value).toMatchObject({ dims: [1, 2] });
  });
});

describe.each<[string, TaskDefinition]>([
  ['zero-shot image classification', zeroShotImageClassification],
  ['zero-shot object detection', zeroShotObjectDetection],
])('%s', (_, task) => {
  it.each([[undefined], [[]], [['']], [[1]]])('refuses the labels %j', async (labels) => {
    await expect(runTask(task, () => [], [image(1), labels])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('labels'),
    });
  });
});

describe('image to text', () => {
  const describes = (given: readonly unknown[]) => [{ generated_text: `${seen(given).width} wide` }];

  it('writes about each image', async () => {
    expect((await runTask(imageToText, describes, [image(2)])).value).toEqual([{ generated_text: '2 wide' }]);
    expect((await runTask(imageToText, describes, [[image(1), image(2)]])).value).toEqual([
      [{ generated_text: '1 wide' }],
      [{ generated_text: '2 wide' }],
    ]);
  });

  it('streams the text about one image', async () => {
    const { value, chunks } = await runTask(imageToText, describes, [image(2)], {}, { streaming: true });
    expect(chunks).toEqual(['a piece']);
    expect(value).toMatchObject({ output: [{ generated_text: '2 wide' }], finishReason: 'stop' });
  });
});

describe('document question answering', () => {
  const answers = ([, question]: readonly unknown[]) => [{ answer: String(question) }];

  it('answers, and streams the answer', async () => {
    expect((await runTask(documentQuestionAnswering, answers, [image(1), 'Which?'])).value).toEqual([
      { answer: 'Which?' },
    ]);
    const { value, chunks } = await runTask(
      documentQuestionAnswering,
      answers,
      [image(1), 'Which?'],
      {},
      {
        streaming: true,
      },
    );
    expect(chunks).toEqual(['a piece']);
    expect(value).toMatchObject({ output: [{ answer: 'Which?' }] });
  });

  it.each([[undefined], [7], [['Which?']]])('refuses the question %j', async (question) => {
    await expect(runTask(documentQuestionAnswering, answers, [image(1), question])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('question'),
    });
  });
});

describe('image feature extraction', () => {
  const vectors = (given: readonly unknown[]) => {
    const { width } = seen(given);
    return { type: 'float32', data: Float32Array.of(width, -width), dims: [1, 2] };
  };

  it('gives one tensor with a row for each image', async () => {
    const engine = { outputs: ['last_hidden_state', 'pooler_output'] };
    const images = [image(1), image(2)];
    const { value, asked } = await runTask(imageFeatureExtraction, vectors, [images], { pool: true }, { engine });
    expect(value).toEqual({ data: Float32Array.of(1, -1, 2, -2), dims: [2, 2] });
    expect(asked[0]!.options).toEqual({ pool: true });
    const { value: one } = await runTask(imageFeatureExtraction, vectors, [image(3)]);
    expect(one).toEqual({ data: Float32Array.of(3, -3), dims: [1, 2] });
  });

  it('streams the vectors of each', async () => {
    const { chunks } = await runTask(imageFeatureExtraction, vectors, [[image(1), image(2)]], {}, { streaming: true });
    expect(chunks).toEqual([
      { index: 0, value: { data: Float32Array.of(1, -1), dims: [1, 2] } },
      { index: 1, value: { data: Float32Array.of(2, -2), dims: [1, 2] } },
    ]);
  });
});
