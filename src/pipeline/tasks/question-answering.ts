import { InsituError } from '../../errors/insitu-error.ts';
import type { Answer } from '../../protocol/tasks/text-tasks.ts';
import { eachInput } from '../inputs/each-input.ts';
import { engineTask } from '../engine-task.ts';
import { gives } from '../files/model-fit.ts';
import { positiveWhole } from '../option-checks.ts';
import { answerSpan } from '../texts/answer-span.ts';
import { textsOf } from '../inputs/text-input.ts';

/** Answers that stand in a text. */
export const questionAnswering = engineTask({
  name: 'question-answering',
  takes: 'text',
  options: { topK: positiveWhole },
  fits: gives('start_logits', 'end_logits'),
  async run(engine, [input, given], { topK = 1 }, context) {
    const questions = textsOf(input);
    const contexts = textsOf(given, 'context');
    if (contexts.length !== questions.length) {
      throw new InsituError(
        'INPUT_INVALID',
        `There are ${questions.length} questions and ${contexts.length} contexts.`,
        {
          hint: 'Pass one context for each question.',
        },
      );
    }
    return eachInput(input, context, async (question, index) => {
      const text = contexts[index]!;
      const found = await engine.run([question, text], { top_k: topK }, context);
      // With one answer, transformers.js leaves out the array; with more for one question, it wraps it.
      const answers = [found].flat(2) as Pick<Answer, 'answer' | 'score'>[];
      const placed = answers.map((answer) => ({ ...answer, ...answerSpan(answer.answer, text) }));
      return topK === 1 ? placed[0] : placed;
    });
  },
});
