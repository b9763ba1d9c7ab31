import { InsituError } from '../../errors/insitu-error.ts';
import type { DrawnImage } from '../../runtime/runtime.ts';
import { decodeImage } from '../decoding/decode-image.ts';
import type { RunContext } from '../task-definition.ts';

/**
 * An image of a call, decoded for the model.
 *
 * @param mostPixels Of what the task can do in a sensible time.
 * @throws InsituError `INPUT_INVALID`, and what its address gives.
 */
export async function imageOf(
  input: unknown,
  { signal }: Pick<RunContext, 'signal'>,
  mostPixels = Infinity,
): Promise<DrawnImage> {
  const image = await decodeImage(input, signal);
  const { width, height } = image;
  if (width * height <= mostPixels) return image;
  throw new InsituError(
    'INPUT_INVALID',
    `The image has ${width} x ${height} pixels, which is too many for this task.`,
    {
      hint: `Make it smaller first: at most ${mostPixels} pixels.`,
    },
  );
}
