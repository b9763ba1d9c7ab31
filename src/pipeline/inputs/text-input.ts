import { InsituError } from '../../errors/insitu-error.ts';
import { describe } from '../../errors/check-options.ts';

/**
 * The texts of a call.
 *
 * @param name What they are, for messages.
 * @throws InsituError `INPUT_INVALID` for anything but a string or an array of strings.
 */
export function textsOf(input: unknown, name = 'input'): string[] {
  if (typeof input === 'string') return [input];
  const hint = 'Pass a string, or an array of strings.';
  if (!Array.isArray(input))
    throw new InsituError('INPUT_INVALID', `The ${name} is ${describe(input)}, not text.`, { hint });
  const wrong = input.findIndex((text) => typeof text !== 'string');
  if (wrong >= 0)
    throw new InsituError('INPUT_INVALID', `The ${name}'s item ${wrong} is ${describe(input[wrong])}, not text.`, {
      hint,
    });
  return input as string[];
}
