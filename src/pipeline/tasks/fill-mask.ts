import { InsituError } from '../../errors/insitu-error.ts';
import { eachInput } from '../each-input.ts';
import { engineTask, snakeCased } from '../engine-task.ts';
import { givesLogits } from '../model-fit.ts';
import { batchChecks, positiveWhole } from '../option-checks.ts';
import { textsOf } from '../text-input.ts';

/** Words for the gap in a text. */
export const fillMask = engineTask({
  name: 'fill-mask',
  takes: 'text',
  options: { topK: positiveWhole, ...batchChecks },
  fits: givesLogits('MaskedLM'),
  async run(engine, [input], { topK = 5 }, context) {
    const mask = engine.maskToken;
    for (const text of textsOf(input)) {
      if (mask && text.includes(mask)) continue;
      throw new InsituError('INPUT_INVALID', `The text has no mask: ${JSON.stringify(text.slice(0, 80))}`, {
        hint: mask ? `Put ${mask} where the word is missing.` : 'The model has no mask token.',
      });
    }
    return eachInput(input, context, (text) => engine.run([text], snakeCased({ topK }), context));
  },
});
