import { engineTask } from '../engine-task.ts';
import { imageOf } from '../inputs/image-inputs.ts';
import { generationChecks } from '../option-checks.ts';
import { writeEach } from '../writing/write-each.ts';
import { cutTexts, writeText } from '../writing/written-text.ts';

/** A text about an image. */
export const imageToText = engineTask({
  name: 'image-to-text',
  takes: 'image',
  options: generationChecks,
  run: (engine, [input], options, context) =>
    writeEach(input, context, async (image, own) =>
      writeText(engine, [await imageOf(image, context)], options, own, cutTexts),
    ),
});
