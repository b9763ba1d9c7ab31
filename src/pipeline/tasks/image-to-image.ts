import { eachInput } from '../inputs/each-input.ts';
import { engineTask } from '../engine-task.ts';
import { gives } from '../files/model-fit.ts';
import { imageOf } from '../inputs/image-inputs.ts';

/** 2048 x 2048: the models keep the size, and 60 numbers of each pixel at a time are more than WebAssembly's memory holds. */
const mostPixels = 2 ** 22;

/** An image made of another, such as a larger one. */
export const imageToImage = engineTask({
  name: 'image-to-image',
  takes: 'image',
  options: {},
  fits: gives('reconstruction'),
  run: (engine, [input], _, context) =>
    eachInput(input, context, async (image) => engine.run([await imageOf(image, context, mostPixels)], {}, context)),
});
