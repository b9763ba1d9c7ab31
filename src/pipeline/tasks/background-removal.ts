import { eachInput } from '../inputs/each-input.ts';
import { engineTask } from '../engine-task.ts';
import { imageOf } from '../inputs/image-inputs.ts';

/** Images with a transparent background. */
export const backgroundRemoval = engineTask({
  name: 'background-removal',
  takes: 'image',
  options: {},
  run: (engine, [input], _, context) =>
    eachInput(input, context, async (image) => engine.run([await imageOf(image, context)], {}, context)),
});
