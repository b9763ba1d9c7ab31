import { InsituError } from '../../errors/insitu-error.ts';
import { describe } from '../../errors/check-options.ts';
import { engineTask } from '../engine-task.ts';
import { imageOf } from '../inputs/image-inputs.ts';
import { decodingChecks } from '../option-checks.ts';
import { writeText } from '../writing/written-text.ts';

/** What a picture of a document says to a question. */
export const documentQuestionAnswering = engineTask({
  name: 'document-question-answering',
  takes: 'image',
  options: decodingChecks,
  async run(engine, [image, question], options, context) {
    if (typeof question !== 'string') {
      throw new InsituError('INPUT_INVALID', `The question is ${describe(question)}, not text.`, {
        hint: 'Pass the image first, then the question.',
      });
    }
    return writeText(engine, [await imageOf(image, context), question], options, context, (value) => value);
  },
});
