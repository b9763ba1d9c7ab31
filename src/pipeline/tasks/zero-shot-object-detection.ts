import { ofType } from '../../errors/check-options.ts';
import { eachInput } from '../inputs/each-input.ts';
import { engineTask, snakeCased } from '../engine-task.ts';
import { gives } from '../files/model-fit.ts';
import { imageOf } from '../inputs/image-inputs.ts';
import { labelsOf } from '../inputs/label-inputs.ts';
import { positiveWholeOrAll, probability } from '../option-checks.ts';

/** Where things are in images that the caller names. */
export const zeroShotObjectDetection = engineTask({
  name: 'zero-shot-object-detection',
  takes: 'image',
  options: { threshold: probability, topK: positiveWholeOrAll, percentage: ofType('boolean') },
  fits: gives('logits', 'pred_boxes'),
  run(engine, [input, given], options, context) {
    const labels = labelsOf(given);
    return eachInput(input, context, async (image) =>
      engine.run([await imageOf(image, context), labels], snakeCased(options), context),
    );
  },
});
