import { InsituError } from '../../errors/insitu-error.ts';
import { eachInput } from '../inputs/each-input.ts';
import type { RunContext } from '../task-definition.ts';

/**
 * Writes a text for each input, one after the other. A stream of text is of one input.
 *
 * @throws InsituError `INPUT_INVALID` for a stream of several.
 */
export function writeEach<Result>(
  input: unknown,
  context: RunContext,
  write: (input: unknown, context: RunContext) => Promise<Result>,
): Promise<Result | Result[]> {
  if (!context.streaming) return eachInput(input, context, (each) => write(each, context));
  if (!Array.isArray(input)) return write(input, context);
  throw new InsituError('INPUT_INVALID', `A stream of text is of one input, not of ${input.length}.`, {
    hint: 'Call `stream()` for each input; they take turns.',
  });
}
