import { type OptionCheck, describe, ofType } from '../../errors/check-options.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import { engineTask } from '../engine-task.ts';
import { generationChecks } from '../option-checks.ts';
import { writeEach } from '../writing/write-each.ts';
import { cutTexts, writeText } from '../writing/written-text.ts';

const objects: OptionCheck = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null)
    ? undefined
    : 'must be an array of objects';

const isChat = (input: unknown): boolean =>
  Array.isArray(input) &&
  input.length > 0 &&
  input.every((turn) => typeof turn?.role === 'string' && typeof turn.content === 'string');

/** Goes on with a text, or answers in a conversation. */
export const textGeneration = engineTask({
  name: 'text-generation',
  takes: 'text',
  options: {
    ...generationChecks,
    returnFullText: ofType('boolean'),
    addSpecialTokens: ofType('boolean'),
    tools: objects,
    documents: objects,
    chatTemplate: ofType('string'),
  },
  async run(engine, [input], options, context) {
    const prompts = Array.isArray(input) && !isChat(input) ? input : [input];
    const wrong = prompts.find((prompt) => typeof prompt !== 'string' && !isChat(prompt));
    if (wrong !== undefined || prompts.some((prompt) => prompt === undefined)) {
      throw new InsituError('INPUT_INVALID', `The prompt is ${describe(wrong)}.`, {
        hint: 'Pass a string, a conversation `[{ role, content }, …]`, or an array of either.',
      });
    }
    const write = (prompt: unknown, own: typeof context) => writeText(engine, [prompt], options, own, cutTexts);
    // A conversation is an array, but one input.
    return isChat(input) ? write(input, context) : writeEach(input, context, write);
  },
});
