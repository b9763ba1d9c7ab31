// @ts-check

/** A failure that its message explains and says how to mend: shown without a stack. */
export class ExplainedError extends Error {}

/** A command line that means nothing: nothing was done. */
export class UsageError extends ExplainedError {}

/**
 * @param {unknown} thrown
 * @returns {string}
 */
export function messageOf(thrown) {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
