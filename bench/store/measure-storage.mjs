// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BenchError } from '../bench-error.mjs';
import { openPage, step, withBrowser } from '../chromium.mjs';
import { findBrowserPid, watchMemory } from './memory-watch.mjs';

/**
 * @typedef {import('./pages/harness.mjs').Harness} Harness
 * @typedef {import('./site.mjs').ServedFile} ServedFile
 *
 * @typedef {object} Measurement What one library did with one file.
 * @property {number} storeTime Milliseconds from asking for the file to having it in the storage.
 * @property {number} readTime Milliseconds from asking for the file to having its bytes.
 * @property {number} extraBytes Memory that the browser took while it read, at its peak.
 * @property {number} memorySamples
 * @property {string} chromiumVersion
 *
 * @typedef {object} MeasureOptions
 * @property {import('../pairs.mjs').LibraryName} library
 * @property {ServedFile} file
 * @property {import('./site.mjs').Site} site
 * @property {import('../chromium.mjs').BrowserProgram} browser
 * @property {string} temporaryDirectory
 */

/** Until a page and its worker do nothing else any more. */
const settleMs = 1000;

/**
 * Stores a file with one library, ends the browser, starts it again with the same profile, and reads the file.
 *
 * @param {MeasureOptions} options
 * @returns {Promise<Measurement>}
 * @throws {BenchError} also when what was read is not what was served.
 */
export async function measureStorage(options) {
  const { library, file, site, browser, temporaryDirectory } = options;
  const name = `${library}, ${file.model}`;
  const visit = (/** @type {import('@playwright/test').BrowserContext} */ context) =>
    /** @type {typeof openPage<Harness>} */ (openPage)(context, `${site.url}/pages/store.html?library=${library}`);
  const profile = mkdtempSync(join(temporaryDirectory, 'profile-'));
  try {
    const storeTime = await withBrowser(browser, profile, async (context) => {
      const { harness } = await visit(context);
      await step(
        `${name}, start`,
        harness.evaluate(({ ready }) => ready),
      );
      return step(
        `${name}, store`,
        harness.evaluate((page, wanted) => page.store(wanted), file),
      );
    });

    return await withBrowser(browser, profile, async (context) => {
      const { harness } = await visit(context);
      await step(
        `${name}, start`,
        harness.evaluate(({ ready }) => ready),
      );
      const browserPid = await findBrowserPid(context);
      await delay(settleMs);
      site.takeModelRequests();

      const { result, extraBytes, samples } = await watchMemory(browserPid, () =>
        step(
          `${name}, read`,
          harness.evaluate((page, wanted) => page.read(wanted), file),
        ),
      );

      const requests = site.takeModelRequests();
      if (requests.length > 0)
        throw new BenchError(`${name}: not read from the storage, but by ${requests.join(', ')}.`);
      const contents = await step(
        `${name}, hash`,
        harness.evaluate((page) => page.contents()),
      );
      if (contents.size !== file.size || contents.sha256 !== file.sha256) {
        throw new BenchError(`${name}: what was read is not what was served. ${JSON.stringify({ contents, file })}`);
      }
      const chromiumVersion = context.browser()?.version() ?? 'unknown';
      return { storeTime, readTime: result, extraBytes, memorySamples: samples, chromiumVersion };
    });
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
