// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BenchError } from '../bench-error.mjs';
import { openPage, step, withBrowser } from '../chromium.mjs';
import { median } from '../statistics.mjs';
import { modelFiles, modelId } from './site.mjs';

/**
 * @typedef {import('@playwright/test').JSHandle<import('./pages/harness.mjs').Harness>} HarnessHandle
 * @typedef {import('../pairs.mjs').LibraryName} LibraryName
 *
 * @typedef {object} Sample What one library did in one pair. Times in milliseconds.
 * @property {number} firstVisit
 * @property {number} secondVisit
 * @property {number} libraryBytes
 * @property {number} batch
 * @property {number} oneByOne
 * @property {number} single
 * @property {number} pauseFirstVisit Of the main thread, the longest. So are those below.
 * @property {number} pauseSecondVisit
 * @property {number} pauseBatch
 * @property {number} taskFirstVisit
 * @property {number} taskSecondVisit
 * @property {number} taskBatch
 * @property {number} modelRequestsSecondVisit
 *
 * @typedef {object} Measurement
 * @property {Sample} sample
 * @property {import('./agreement.mjs').Vectors} vectors
 * @property {import('./site.mjs').Traffic} firstTraffic
 * @property {import('./site.mjs').Traffic} secondTraffic
 * @property {number[] | undefined} tokenLengths Of the sentence and of each text, where the page can tell.
 * @property {string} chromiumVersion
 *
 * @typedef {object} MeasureOptions
 * @property {LibraryName} library
 * @property {import('./site.mjs').Site} site
 * @property {import('../chromium.mjs').BrowserProgram} browser
 * @property {string} temporaryDirectory
 * @property {string} sentence
 * @property {string[]} texts
 */

/** V8 writes the compiled code of a WebAssembly module two seconds after it last tiered up. */
const dwellMs = 3500;

const singleRuns = 30;
const batchRuns = 3;
const storeTimeoutMs = 180_000;

/**
 * Visits a library once without measuring, so that no run finds the files of the browser and of the model cold.
 *
 * @param {MeasureOptions} options
 */
export async function warmUp(options) {
  await withNewBrowser(options, async (context) => {
    const { harness } = await visitPage(context, options);
    await step(
      `${options.library}, warm-up`,
      harness.evaluate(({ first }) => first),
    );
  });
}

/**
 * Lets one library be visited twice by a browser that has never seen it, and works it warm.
 *
 * @param {MeasureOptions} options
 * @returns {Promise<Measurement>}
 */
export async function measureLibrary(options) {
  const { library, site, sentence, texts } = options;
  return withNewBrowser(options, async (context) => {
    const visit = () => visitPage(context, options);
    site.takeTraffic();

    const firstVisit = await visit();
    const first = await step(
      `${library}, first visit`,
      firstVisit.harness.evaluate(({ first }) => first),
    );
    await step(`${library}, use`, repeatSentence(firstVisit.harness, sentence));
    await waitUntilStored(library, firstVisit.harness, site.url);
    await delay(dwellMs);
    await firstVisit.page.close();
    const firstTraffic = site.takeTraffic();

    const secondVisit = await visit();
    const { harness } = secondVisit;
    const second = await step(
      `${library}, second visit`,
      harness.evaluate(({ first }) => first),
    );
    const secondTraffic = site.takeTraffic();
    if (!first.isolated || !second.isolated) throw new BenchError('A page was not cross-origin isolated.');

    const batches = [];
    for (let run = 0; run <= batchRuns; run++) {
      batches.push(
        await step(
          `${library}, batch`,
          harness.evaluate((page, list) => page.batch(list), texts),
        ),
      );
    }
    const warmBatches = batches.slice(1);
    const oneByOne = await step(
      `${library}, one by one`,
      harness.evaluate((page, list) => page.oneByOne(list), texts),
    );
    // Last, when all of the code is optimised: what comes from no code cache needs seconds of work for that.
    const singles = await step(`${library}, single embeddings`, repeatSentence(harness, sentence));

    return {
      sample: {
        firstVisit: first.time,
        secondVisit: second.time,
        libraryBytes: firstTraffic.libraryBytes,
        batch: median(warmBatches.map(({ time }) => time)),
        oneByOne: oneByOne.time,
        single: median(singles),
        pauseFirstVisit: first.blocking.longestPause,
        pauseSecondVisit: second.blocking.longestPause,
        pauseBatch: Math.max(...warmBatches.map(({ blocking }) => blocking.longestPause)),
        taskFirstVisit: first.blocking.longestTask,
        taskSecondVisit: second.blocking.longestTask,
        taskBatch: Math.max(...warmBatches.map(({ blocking }) => blocking.longestTask)),
        modelRequestsSecondVisit: secondTraffic.modelPaths.length,
      },
      vectors: { sentence: second.vector, oneByOne: oneByOne.vectors, batch: batches[0]?.vectors ?? [] },
      firstTraffic,
      secondTraffic,
      tokenLengths: await harness.evaluate((page, list) => page.tokenLengths(list), [sentence, ...texts]),
      chromiumVersion: context.browser()?.version() ?? 'unknown',
    };
  });
}

/**
 * @template T
 * @param {MeasureOptions} options
 * @param {(context: import('@playwright/test').BrowserContext) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withNewBrowser({ browser, temporaryDirectory }, work) {
  const profile = mkdtempSync(join(temporaryDirectory, 'profile-'));
  try {
    return await withBrowser(browser, profile, work);
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * @param {import('@playwright/test').BrowserContext} context
 * @param {MeasureOptions} options
 * @returns {Promise<{ page: import('@playwright/test').Page, harness: HarnessHandle }>}
 */
const visitPage = (context, { site, library }) => openPage(context, `${site.url}/bench/start/pages/${library}.html`);

/** @param {HarnessHandle} harness @param {string} sentence */
function repeatSentence(harness, sentence) {
  return harness.evaluate(
    (page, [text, count]) => page.repeat(text, count),
    /** @type {const} */ ([sentence, singleRuns]),
  );
}

/**
 * @param {LibraryName} library
 * @param {HarnessHandle} harness
 * @param {string} origin
 */
async function waitUntilStored(library, harness, origin) {
  const wanted = modelFiles.map((file) => `${origin}/models/${modelId}/${file}`);
  const deadline = Date.now() + storeTimeoutMs;
  for (;;) {
    const stored = await harness.evaluate((page) => page.storedUrls());
    const missing = wanted.filter((url) => !stored.includes(url));
    if (missing.length === 0) return;
    if (Date.now() > deadline) throw new BenchError(`${library} did not store ${missing.join(', ')}.`);
    await delay(100);
  }
}
