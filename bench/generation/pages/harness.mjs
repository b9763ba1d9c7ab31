// @ts-check
// The same work by both libraries. The driver reads `globalThis.harness`.

/**
 * A model that writes, in either library.
 *
 * @typedef {object} Writer
 * @property {(prompt: string, tokens: number) => Promise<string>} call Greedy. The whole text.
 * @property {(prompt: string, tokens: number, onPiece: () => void) => Promise<void>} stream
 *
 * @typedef {object} Request
 * @property {string} model
 * @property {'fp32' | 'q8'} dtype
 * @property {string} prompt
 * @property {number} tokens
 * @property {number} rounds
 *
 * @typedef {object} Written
 * @property {number[]} call Milliseconds of each text.
 * @property {number[]} stream
 * @property {string} text
 *
 * @typedef {object} Harness
 * @property {(request: Request) => Promise<Written>} write
 */

/** @param {(model: string, dtype: 'fp32' | 'q8') => Promise<Writer>} load */
export function startHarness(load) {
  /** @type {Harness} */
  const harness = {
    async write({ model, dtype, prompt, tokens, rounds }) {
      const writer = await load(model, dtype);
      const text = await writer.call(prompt, tokens);
      let pieces = 0;
      await writer.stream(prompt, tokens, () => pieces++);
      if (pieces < 2) throw new Error(`The text came in ${pieces} pieces.`);
      /** @type {Written} */
      const written = { call: [], stream: [], text };
      for (let round = 0; round < rounds; round++) {
        written.call.push(await timed(() => writer.call(prompt, tokens)));
        written.stream.push(await timed(() => writer.stream(prompt, tokens, () => {})));
      }
      return written;
    },
  };
  Object.assign(globalThis, { harness });
}

/** @param {() => Promise<unknown>} work */
async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
