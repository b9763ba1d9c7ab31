import type { Engine } from '../../runtime/runtime.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import type { RunContext } from '../task-definition.ts';
import { decodeAudio } from '../decoding/decode-audio.ts';

/**
 * A recording of a call as the model hears it: one channel, at its rate.
 *
 * @throws InsituError `INPUT_INVALID`; `MODEL_UNSUPPORTED` where the model does not say what rate it hears.
 */
export async function audioOf(
  input: unknown,
  { sampleRate }: Pick<Engine, 'sampleRate'>,
  { step }: Pick<RunContext, 'step'>,
): Promise<Float32Array> {
  if (sampleRate === undefined) {
    throw new InsituError('MODEL_UNSUPPORTED', 'The model does not say how many samples a second it hears.', {
      hint: 'Its preprocessor_config.json needs a `sampling_rate`.',
    });
  }
  // A step with nothing in it lets aborts and other calls in.
  return decodeAudio(input, sampleRate, () => step(async () => {}));
}
