import { expect, it } from 'vitest';
import { imageOf } from './image-inputs.ts';

const context = { signal: new AbortController().signal };
const pixels = { kind: 'image-pixels', data: new Uint8ClampedArray(4 * 6), width: 3, height: 2 };

it('gives pixels to the model, up to what a task can do', async () => {
  const { data, width, height } = pixels;
  const given = { pixels: data, width, height };
  expect(await imageOf(pixels, context)).toMatchObject(given);
  expect(await imageOf(pixels, context, 6)).toMatchObject(given);
  await expect(imageOf(pixels, context, 5)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: 'The image has 3 x 2 pixels, which is too many for this task.',
    hint: expect.stringContaining('at most 5 pixels'),
  });
});
