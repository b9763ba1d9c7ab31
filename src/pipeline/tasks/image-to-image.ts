import { eachInput } from '../each-input.ts';
import { engineTask } from '../engine-task.ts';
import { imageOf } from '../image-inputs.ts';

/** An image made of another, such as a larger one. */
export const imageToImage = engineTask({
  name: 'image-to-image',
  takes: 'image',
  options: {},
  run: (engine, [input], _, context) =>
    eachInput(input, context, async (image) => engine.run([await imageOf(image, context)], {}, context)),
});
