import { InsituError } from '../../errors/insitu-error.ts';
import { engineTask } from '../engine-task.ts';
import { givesLogits } from '../files/model-fit.ts';
import { batchChecks, positiveWhole } from '../option-checks.ts';
import { textsOf } from '../inputs/text-input.ts';
import type { FillMaskOptions, MaskFilling } from '../../protocol/tasks/text-tasks.ts';
import { eachText } from '../texts/each-text.ts';

/** Words for the gap in a text. */
export const fillMask = engineTask({
  name: 'fill-mask',
  takes: 'text',
  options: { topK: positiveWhole, ...batchChecks },
  fits: givesLogits('MaskedLM'),
  async run(engine, [input], options: FillMaskOptions, context) {
    const texts = textsOf(input);
    const mask = engine.maskToken;
    for (const text of texts) {
      if (mask && text.includes(mask)) continue;
      throw new InsituError('INPUT_INVALID', `The text has no mask: ${JSON.stringify(text.slice(0, 80))}`, {
        hint: mask ? `Put ${mask} where the word is missing.` : 'The model has no mask token.',
      });
    }
    const { topK = 5 } = options;
    const run = async (bucket: string[]) => (await engine.run([bucket], { top_k: topK }, context)) as MaskFilling[][];
    const words = await eachText(engine, texts, { ...options, padding: 0 }, context, run);
    return typeof input === 'string' ? words[0] : words;
  },
});
