import { ofType } from '../../errors/check-options.ts';
import { eachInput } from '../inputs/each-input.ts';
import { engineTask, snakeCased } from '../engine-task.ts';
import { labelsOf } from '../inputs/label-inputs.ts';
import { givesEntailment } from '../files/model-fit.ts';
import { template } from '../option-checks.ts';
import { textsOf } from '../inputs/text-input.ts';

/** Which of the given labels a text fits. */
export const zeroShotClassification = engineTask({
  name: 'zero-shot-classification',
  takes: 'text',
  options: { hypothesisTemplate: template, multiLabel: ofType('boolean') },
  fits: givesEntailment,
  async run(engine, [input, given], options, context) {
    textsOf(input);
    const labels = labelsOf(given);
    return eachInput(input, context, (text) => engine.run([text, labels], snakeCased(options), context));
  },
});
