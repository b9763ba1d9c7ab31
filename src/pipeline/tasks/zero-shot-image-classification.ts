import { eachInput } from '../inputs/each-input.ts';
import { engineTask, snakeCased } from '../engine-task.ts';
import { gives } from '../files/model-fit.ts';
import { imageOf } from '../inputs/image-inputs.ts';
import { labelsOf } from '../inputs/label-inputs.ts';
import { template } from '../option-checks.ts';

/** Which of the given labels an image fits. */
export const zeroShotImageClassification = engineTask({
  name: 'zero-shot-image-classification',
  takes: 'image',
  options: { hypothesisTemplate: template },
  fits: gives('logits_per_image'),
  run(engine, [input, given], options, context) {
    const labels = labelsOf(given);
    return eachInput(input, context, async (image) =>
      engine.run([await imageOf(image, context), labels], snakeCased(options), context),
    );
  },
});
