import { engineTask } from '../engine-task.ts';
import { generationChecks } from '../option-checks.ts';
import { rewriteTexts } from '../writing/rewrite-texts.ts';

/** Says a text in fewer words. */
export const summarization = engineTask({
  name: 'summarization',
  takes: 'text',
  options: generationChecks,
  run: (engine, [input], options, context) => rewriteTexts(engine, input, options, context),
});
