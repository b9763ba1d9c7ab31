import { type OptionCheck, oneOf } from '../../errors/check-options.ts';
import { eachInput } from '../inputs/each-input.ts';
import { engineTask, snakeCased } from '../engine-task.ts';
import { imageOf } from '../inputs/image-inputs.ts';
import { probability } from '../option-checks.ts';

const numbers: OptionCheck = (value) =>
  Array.isArray(value) && value.every((id) => Number.isInteger(id)) ? undefined : 'must be an array of whole numbers';

const sizes: OptionCheck = (value) =>
  Array.isArray(value) && value.every((size) => numbers(size) === undefined && (size as unknown[]).length === 2)
    ? undefined
    : 'must be an array of [height, width]';

/** 4096 x 4096: every pixel is compared with every label, in JavaScript, for a minute where there are more. */
const mostPixels = 2 ** 24;

/** Which pixels of an image belong to what. */
export const imageSegmentation = engineTask({
  name: 'image-segmentation',
  takes: 'image',
  options: {
    threshold: probability,
    maskThreshold: probability,
    overlapMaskAreaThreshold: probability,
    labelIdsToFuse: numbers,
    targetSizes: sizes,
    subtask: oneOf('panoptic', 'instance', 'semantic'),
  },
  // Models that find boxes have the same name where they cut out things too.
  fits: ({ outputs }) =>
    outputs.includes('pred_boxes') && !outputs.includes('pred_masks') ? 'finds boxes, and no masks' : undefined,
  run: (engine, [input], { labelIdsToFuse, ...options }, context) =>
    eachInput(input, context, async (image) => {
      const fused = labelIdsToFuse !== undefined && { label_ids_to_fuse: new Set(labelIdsToFuse as number[]) };
      return engine.run([await imageOf(image, context, mostPixels)], { ...snakeCased(options), ...fused }, context);
    }),
});
