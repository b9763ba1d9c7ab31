import type { OptionCheck } from '../../errors/check-options.ts';
import { eachInput } from '../inputs/each-input.ts';
import { engineTask, snakeCased } from '../engine-task.ts';
import { notNegative, positiveWhole } from '../option-checks.ts';
import { textsOf } from '../inputs/text-input.ts';

const numbers: OptionCheck = (value) => (value instanceof Float32Array ? undefined : 'must be a Float32Array');

/** Speaks a text. */
export const textToAudio = engineTask({
  name: 'text-to-audio',
  takes: 'text',
  options: { speakerEmbeddings: numbers, numInferenceSteps: positiveWhole, speed: notNegative },
  async run(engine, [input], options, context) {
    textsOf(input);
    return eachInput(input, context, (text) => engine.run([text], snakeCased(options), context));
  },
});
