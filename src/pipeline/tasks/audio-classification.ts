import { audioOf } from '../inputs/audio-inputs.ts';
import { eachInput } from '../inputs/each-input.ts';
import { engineTask, snakeCased } from '../engine-task.ts';
import { givesLogits } from '../files/model-fit.ts';
import { positiveWhole } from '../option-checks.ts';

/** Labels of recordings with their probabilities. */
export const audioClassification = engineTask({
  name: 'audio-classification',
  takes: 'audio',
  options: { topK: positiveWhole },
  fits: givesLogits('SequenceClassification'),
  run: (engine, [input], options, context) =>
    eachInput(input, context, async (audio) =>
      engine.run([await audioOf(audio, engine, context)], snakeCased(options), context),
    ),
});
