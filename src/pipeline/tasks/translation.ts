import { ofType } from '../../errors/check-options.ts';
import { engineTask } from '../engine-task.ts';
import { generationChecks } from '../option-checks.ts';
import { rewriteTexts } from '../writing/rewrite-texts.ts';

/** Says a text in another language. */
export const translation = engineTask({
  name: 'translation',
  takes: 'text',
  options: { ...generationChecks, srcLang: ofType('string'), tgtLang: ofType('string') },
  run: (engine, [input], options, context) => rewriteTexts(engine, input, options, context),
});
