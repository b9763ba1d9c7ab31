import { InsituError } from '../../errors/insitu-error.ts';
import { describe } from '../../errors/check-options.ts';

/**
 * The labels that inputs are held against.
 *
 * @throws InsituError `INPUT_INVALID`
 */
export function labelsOf(given: unknown): string[] {
  const labels: unknown[] =
    typeof given === 'string' ? given.split(',').map((label) => label.trim()) : Array.isArray(given) ? given : [];
  if (labels.length > 0 && labels.every((label) => typeof label === 'string' && label.length > 0))
    return labels as string[];
  throw new InsituError(
    'INPUT_INVALID',
    `The labels are ${Array.isArray(given) ? JSON.stringify(given) : describe(given)}.`,
    {
      hint: 'Pass at least one label as the second argument: an array of strings that are not empty.',
    },
  );
}
