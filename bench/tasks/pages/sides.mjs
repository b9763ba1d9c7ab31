// @ts-check
// What is measured on one page, named by the address: whatever slows the machine down slows all sides. The driver reads
// `globalThis.harness`.
import { env } from '@huggingface/transformers';

// Files that a model lacks are sought on the Hub otherwise.
env.allowRemoteModels = false;

/**
 * @typedef {object} Sides
 * @property {Record<string, () => Promise<unknown>>} sides Each does the same work.
 * @property {(results: Record<string, any>) => import('../differences.mjs').Difference[]} compare The last result of each side.
 * @property {string[]} [notes] What else is to be told.
 *
 * @typedef {object} Harness
 * @property {(given: unknown) => Promise<{ sides: string[], notes: string[] }>} prepare Loads the models.
 * @property {(side: string) => Promise<number>} time Milliseconds of one call.
 * @property {() => import('../differences.mjs').Difference[]} differences
 */

/** @type {Sides | undefined} */
let prepared;
/** @type {Record<string, unknown>} */
const results = {};

/** @type {Harness} */
const harness = {
  async prepare(given) {
    /** @type {{ prepare: (given: any) => Promise<Sides> }} */
    const page = await import(`./${location.search.slice(1)}.mjs`);
    prepared = await page.prepare(given);
    return { sides: Object.keys(prepared.sides), notes: prepared.notes ?? [] };
  },
  async time(side) {
    const start = performance.now();
    results[side] = await prepared?.sides[side]?.();
    return performance.now() - start;
  },
  differences: () => prepared?.compare(results) ?? [],
};
Object.assign(globalThis, { harness });
