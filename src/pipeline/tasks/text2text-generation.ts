import { engineTask } from '../engine-task.ts';
import { generationChecks } from '../option-checks.ts';
import { rewriteTexts } from '../writing/rewrite-texts.ts';

/** Answers a text with another. */
export const text2textGeneration = engineTask({
  name: 'text2text-generation',
  takes: 'text',
  options: generationChecks,
  run: (engine, [input], options, context) => rewriteTexts(engine, input, options, context),
});
