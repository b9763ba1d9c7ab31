import type { DrawnImage } from '../runtime/runtime.ts';
import { decodeImage } from './media/decode-image.ts';
import type { RunContext } from './task-definition.ts';

/**
 * An image of a call, decoded for the model.
 *
 * @throws InsituError `INPUT_INVALID`, and what its address gives.
 */
export const imageOf = (input: unknown, { signal }: Pick<RunContext, 'signal'>): Promise<DrawnImage> =>
  decodeImage(input, signal);
