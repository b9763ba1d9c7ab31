import { eachInput } from '../inputs/each-input.ts';
import { engineTask, snakeCased } from '../engine-task.ts';
import { givesLogits } from '../files/model-fit.ts';
import { imageOf } from '../inputs/image-inputs.ts';
import { positiveWhole } from '../option-checks.ts';

/** Labels of images with their probabilities. */
export const imageClassification = engineTask({
  name: 'image-classification',
  takes: 'image',
  options: { topK: positiveWhole },
  fits: givesLogits('ImageClassification'),
  run: (engine, [input], options, context) =>
    eachInput(input, context, async (image) =>
      engine.run([await imageOf(image, context)], snakeCased(options), context),
    ),
});
