import { audioOf } from '../inputs/audio-inputs.ts';
import { eachInput } from '../inputs/each-input.ts';
import { engineTask, snakeCased } from '../engine-task.ts';
import { gives } from '../files/model-fit.ts';
import { labelsOf } from '../inputs/label-inputs.ts';
import { template } from '../option-checks.ts';

/** Which of the given labels a recording fits. */
export const zeroShotAudioClassification = engineTask({
  name: 'zero-shot-audio-classification',
  takes: 'audio',
  options: { hypothesisTemplate: template },
  fits: gives('logits_per_audio'),
  run(engine, [input, given], options, context) {
    const labels = labelsOf(given);
    return eachInput(input, context, async (audio) =>
      engine.run([await audioOf(audio, engine, context), labels], snakeCased(options), context),
    );
  },
});
