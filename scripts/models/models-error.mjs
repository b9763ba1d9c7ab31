// @ts-check

/** A failure that its message explains and says how to mend: shown without a stack. */
export class ModelsError extends Error {}

/**
 * @param {unknown} thrown
 * @returns {string}
 */
export function messageOf(thrown) {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
