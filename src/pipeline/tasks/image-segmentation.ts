import { type OptionCheck, oneOf } from '../../errors/check-options.ts';
import { eachInput } from '../each-input.ts';
import { engineTask, snakeCased } from '../engine-task.ts';
import { imageOf } from '../image-inputs.ts';
import { probability } from '../option-checks.ts';

const numbers: OptionCheck = (value) =>
  Array.isArray(value) && value.every((id) => Number.isInteger(id)) ? undefined : 'must be an array of whole numbers';

const sizes: OptionCheck = (value) =>
  Array.isArray(value) && value.every((size) => numbers(size) === undefined && (size as unknown[]).length === 2)
    ? undefined
    : 'must be an array of [height, width]';

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
  run: (engine, [input], { labelIdsToFuse, ...options }, context) =>
    eachInput(input, context, async (image) => {
      const fused = labelIdsToFuse !== undefined && { label_ids_to_fuse: new Set(labelIdsToFuse as number[]) };
      return engine.run([await imageOf(image, context)], { ...snakeCased(options), ...fused }, context);
    }),
});
