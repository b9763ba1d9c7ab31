// @ts-check
// The same for both libraries: what a page does and how it times it. The driver reads `globalThis.harness`.
import { blockingBetween } from './watch.mjs';

/**
 * @typedef {import('./watch.mjs').Blocking} Blocking
 *
 * @typedef {object} Embeddings
 * @property {Float32Array} data
 * @property {readonly number[]} dims
 *
 * @typedef {object} Library
 * @property {(input: string | string[]) => Promise<Embeddings>} embed Mean of the tokens, length 1.
 * @property {(texts: string[]) => number[]} [tokenLengths]
 *
 * @typedef {object} FirstResult
 * @property {number} time Milliseconds since the navigation started.
 * @property {Blocking} blocking
 * @property {number[]} vector
 * @property {boolean} isolated
 *
 * @typedef {object} TimedRun
 * @property {number} time
 * @property {Blocking} blocking
 * @property {number[][]} vectors
 *
 * @typedef {object} Harness
 * @property {Promise<FirstResult>} first
 * @property {() => Promise<string[]>} storedUrls
 * @property {(text: string, count: number) => Promise<number[]>} repeat Times of single embeddings.
 * @property {(texts: string[]) => Promise<TimedRun>} batch
 * @property {(texts: string[]) => Promise<TimedRun>} oneByOne
 * @property {(texts: string[]) => Promise<number[] | undefined>} tokenLengths
 */

/** @param {Embeddings} embeddings */
function toRows({ data, dims: [count = 0, size = 0] }) {
  return Array.from({ length: count }, (_, row) => Array.from(data.subarray(row * size, (row + 1) * size)));
}

/**
 * @param {() => Promise<Embeddings[]>} run
 * @returns {Promise<TimedRun>}
 */
async function timed(run) {
  // The driver's call must not be part of the task that is measured.
  await new Promise((resolve) => setTimeout(resolve));
  const start = performance.now();
  const embeddings = await run();
  const end = performance.now();
  return { time: end - start, blocking: await blockingBetween(start, end), vectors: embeddings.flatMap(toRows) };
}

/**
 * Loads a library, embeds one sentence, and offers the rest to the driver.
 *
 * @param {string} sentence
 * @param {() => Promise<Library>} load
 * @param {() => Promise<string[]>} storedUrls Files that the library has put into the browser's storage so far.
 */
export function startHarness(sentence, load, storedUrls) {
  const library = load();

  const first = library.then(async ({ embed }) => {
    const embeddings = await embed(sentence);
    const time = performance.now();
    const blocking = await blockingBetween(0, time);
    return { time, blocking, vector: toRows(embeddings)[0] ?? [], isolated: crossOriginIsolated };
  });
  // The driver asks for it later.
  first.catch(() => {});

  /** @type {Harness} */
  const harness = {
    first,
    storedUrls,
    async repeat(text, count) {
      const { embed } = await library;
      const times = [];
      for (let run = 0; run < count; run++) {
        const start = performance.now();
        await embed(text);
        times.push(performance.now() - start);
      }
      return times;
    },
    async batch(texts) {
      const { embed } = await library;
      return timed(async () => [await embed(texts)]);
    },
    async oneByOne(texts) {
      const { embed } = await library;
      return timed(async () => {
        const embeddings = [];
        for (const text of texts) embeddings.push(await embed(text));
        return embeddings;
      });
    },
    async tokenLengths(texts) {
      return (await library).tokenLengths?.(texts);
    },
  };
  Object.assign(globalThis, { harness });
}
