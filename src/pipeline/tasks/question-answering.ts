import { InsituError } from '../../errors/insitu-error.ts';
import type { Answer, QuestionAnsweringOptions } from '../../protocol/tasks/text-tasks.ts';
import { engineTask } from '../engine-task.ts';
import { gives } from '../files/model-fit.ts';
import { textsOf } from '../inputs/text-input.ts';
import { batchChecks, positiveWhole } from '../option-checks.ts';
import { answerSpan } from '../texts/answer-span.ts';
import { eachText } from '../texts/each-text.ts';

type FoundAnswer = Pick<Answer, 'answer' | 'score'>;

/** Answers that stand in a text. */
export const questionAnswering = engineTask({
  name: 'question-answering',
  takes: 'text',
  options: { topK: positiveWhole, ...batchChecks },
  fits: gives('start_logits', 'end_logits'),
  async run(engine, [input, given], options: QuestionAnsweringOptions, context) {
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
    const { topK = 1 } = options;
    const both = questions.map((question, index) => `${question} ${contexts[index]!}`);
    const answers = await eachText(engine, both, options, context, async (_, indices) => {
      const pairs = [questions, contexts].map((texts) => indices.map((index) => texts[index]!));
      // With one answer each, transformers.js leaves out the arrays around them.
      const found = (await engine.run(pairs, { top_k: topK }, context)) as (FoundAnswer | FoundAnswer[])[];
      return indices.map((index, row) => {
        const text = contexts[index]!;
        const placed = [found[row]!].flat().map((answer) => ({ ...answer, ...answerSpan(answer.answer, text) }));
        return topK === 1 ? placed[0]! : placed;
      });
    });
    return typeof input === 'string' ? answers[0] : answers;
  },
});
