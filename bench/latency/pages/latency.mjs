// @ts-check
// Both sides on one page, called in turn: whatever slows the machine down slows both. The driver reads `globalThis.harness`.
import { createClient } from 'insitu';

const model = '/models/insitu/all-MiniLM-L6-v2/';

/**
 * @typedef {'bare' | 'insitu' | 'signal'} Side `signal`: insitu, with an AbortSignal for each call.
 *
 * @typedef {object} Harness
 * @property {(text: string, rounds: number) => Promise<{ times: Record<Side, number[]>, distance: number, threads: number }>} measure
 */

/** @param {number} threads */
async function startBare(threads) {
  const worker = new Worker(`./bare-worker.mjs?model=${model}&threads=${threads}`, { type: 'module' });
  /** @type {(data: any) => void} */
  let answer = () => {};
  await new Promise((resolve, reject) => {
    worker.onmessage = resolve;
    worker.onerror = ({ message }) => reject(new Error(`The bare worker: ${message}`));
  });
  worker.onmessage = ({ data }) => answer(data);
  return (/** @type {string} */ text) =>
    new Promise((resolve) => {
      answer = ({ values }) => resolve(values);
      worker.postMessage([text]);
    });
}

/** @type {Harness['measure']} */
async function measure(text, rounds) {
  const embed = await createClient().pipeline('feature-extraction', model, { dtype: 'q8' });
  const { threads } = embed.plan;
  const bare = await startBare(threads);
  const options = /** @type {const} */ ({ pooling: 'mean', normalize: true });
  /** @type {Record<Side, () => Promise<Float32Array>>} */
  const sides = {
    bare: () => bare(text),
    insitu: async () => (await embed([text], options)).data,
    signal: async () => (await embed([text], { ...options, signal: new AbortController().signal })).data,
  };
  /** @type {Side[]} */
  const order = ['bare', 'insitu', 'signal'];
  const reversed = [...order].reverse();
  const warming = 30;
  /** @type {Record<Side, number[]>} */
  const times = { bare: [], insitu: [], signal: [] };
  for (let round = -warming; round < rounds; round++) {
    // Whoever comes first in one round comes last in the next.
    for (const side of round % 2 === 0 ? order : reversed) {
      const start = performance.now();
      await sides[side]();
      if (round >= 0) times[side].push(performance.now() - start);
    }
  }
  const [ours, theirs] = [await sides.insitu(), await sides.bare()];
  const distance = 1 - ours.reduce((sum, value, index) => sum + value * /** @type {number} */ (theirs[index]), 0);
  return { times, distance, threads };
}

Object.assign(globalThis, { harness: { measure } });
