import { InsituError } from './insitu-error.ts';

/** Returns what is wrong with an option's value, or nothing. */
export type OptionCheck = (value: unknown) => string | undefined;

const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A check that takes everything. */
export const anything: OptionCheck = () => undefined;

/** A check for one of a few values. */
export const oneOf =
  (...values: readonly unknown[]): OptionCheck =>
  (value) =>
    values.includes(value) ? undefined : `must be one of ${values.map((known) => JSON.stringify(known)).join(', ')}`;

/** A check for the JavaScript type of a value. */
export const ofType =
  (type: 'function' | 'string' | 'boolean'): OptionCheck =>
  (value) =>
    typeof value === type ? undefined : `must be a ${type}`;

/** A check for anything that aborts like an AbortSignal, also one of another realm. */
export const abortSignal: OptionCheck = (value) =>
  typeof value === 'object' && value !== null && 'aborted' in value ? undefined : 'must be an AbortSignal';

/**
 * Checks options and gives them their camelCase names. Options that are `undefined` count as not given.
 *
 * @throws InsituError `OPTION_INVALID` for an unknown name or a value that fails its check.
 */
export function checkOptions(
  given: Readonly<Record<string, unknown>>,
  checks: Record<string, OptionCheck>,
): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [spelling, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const name = camelCase(spelling);
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (!check) {
      throw new InsituError('OPTION_INVALID', `Unknown option "${spelling}".`, {
        hint: `Known options: ${Object.keys(checks).join(', ')}.`,
      });
    }
    const complaint = check(value);
    if (complaint) {
      throw new InsituError('OPTION_INVALID', `The option ${spelling} ${complaint}, not ${describe(value)}.`, {
        hint: 'Correct the value, or leave the option out for its default.',
      });
    }
    options[name] = value;
  }
  return options;
}

/** A value in a few words, for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === 'object') return `an object of type ${value.constructor?.name || 'Object'}`;
  return `the ${typeof value} ${String(value)}`;
}
