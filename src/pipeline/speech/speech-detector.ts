import { InsituError } from '../../errors/insitu-error.ts';
import type { SessionTensor } from '../../protocol/session.ts';
import type { GraphSession } from '../../runtime/runtime.ts';

/** Silero VAD 5 and 6, at 16,000 samples a second: `OnnxWrapper` of `src/silero_vad/utils_vad.py`. */
export const speechRate = 16_000;
export const frameSize = 512;
const contextSize = 64;
const stateDims = [2, 1, 128];

/** What the model remembers of the sound so far. Plain data. */
export interface SpeechMemory {
  /** The last samples. */
  context: Float32Array;
  state: Float32Array;
}

export const noMemory = (): SpeechMemory => ({ context: new Float32Array(contextSize), state: new Float32Array(256) });

/** @throws InsituError `MODEL_UNSUPPORTED` */
export function requireSilero({ inputs, outputs }: GraphSession): void {
  const names = [...inputs, ...outputs].map(({ name }) => name);
  if (['input', 'state', 'sr', 'output', 'stateN'].every((name) => names.includes(name))) return;
  throw new InsituError('MODEL_UNSUPPORTED', `The graph has the inputs and outputs ${names.join(', ')}.`, {
    hint: 'Voice activity is detected by Silero VAD 5 and 6: input, state, sr, output, stateN.',
  });
}

/**
 * How probable speech is in a frame.
 *
 * @param frame {@link frameSize} samples.
 * @param memory Is changed to that of the sound up to this frame.
 */
export async function speechProbability(
  session: GraphSession,
  frame: Float32Array,
  memory: SpeechMemory,
): Promise<number> {
  const samples = new Float32Array(contextSize + frameSize);
  samples.set(memory.context);
  samples.set(frame, contextSize);
  const { output, stateN } = await session.run({
    input: { type: 'float32', data: samples, dims: [1, samples.length] },
    state: { type: 'float32', data: memory.state, dims: stateDims },
    sr: { type: 'int64', data: BigInt64Array.of(BigInt(speechRate)), dims: [] },
  });
  memory.context = samples.slice(-contextSize);
  memory.state = numbersOf(stateN!);
  return numbersOf(output!)[0]!;
}

const numbersOf = ({ data }: SessionTensor) => data as Float32Array;
