import type { EngineImage } from '../runtime/runtime.ts';
import { decodeImage } from './media/decode-image.ts';
import type { RunContext } from './task-definition.ts';

/**
 * An image of a call, decoded for the model.
 *
 * @throws InsituError `INPUT_INVALID`, and what its address gives.
 */
export async function imageOf(input: unknown, { signal }: Pick<RunContext, 'signal'>): Promise<EngineImage> {
  const { data, width, height } = await decodeImage(input, signal);
  return { pixels: data, width, height };
}
