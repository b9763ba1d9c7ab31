import { ofType } from '../../errors/check-options.ts';
import { eachInput } from '../inputs/each-input.ts';
import { engineTask, snakeCased } from '../engine-task.ts';
import { gives } from '../files/model-fit.ts';
import { imageOf } from '../inputs/image-inputs.ts';
import { probability } from '../option-checks.ts';

/** Where the things are in images that the model knows. */
export const objectDetection = engineTask({
  name: 'object-detection',
  takes: 'image',
  options: { threshold: probability, percentage: ofType('boolean') },
  fits: gives('logits', 'pred_boxes'),
  run: (engine, [input], options, context) =>
    eachInput(input, context, async (image) =>
      engine.run([await imageOf(image, context)], snakeCased(options), context),
    ),
});
