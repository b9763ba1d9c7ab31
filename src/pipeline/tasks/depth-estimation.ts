import { eachInput } from '../inputs/each-input.ts';
import { engineTask } from '../engine-task.ts';
import { gives } from '../files/model-fit.ts';
import { imageOf } from '../inputs/image-inputs.ts';

/** How far away everything in an image is. */
export const depthEstimation = engineTask({
  name: 'depth-estimation',
  takes: 'image',
  options: {},
  fits: gives('predicted_depth'),
  run: (engine, [input], _, context) =>
    eachInput(input, context, async (image) => engine.run([await imageOf(image, context)], {}, context)),
});
