// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { findChromium, launchArguments } from '../scripts/chromium/find-chromium.mjs';
import { BenchError } from './bench-error.mjs';

/** @typedef {{ executablePath: string, args: string[] }} BrowserProgram */

/** Until a browser that has just started does nothing else any more. */
const settleMs = 1000;

const stepTimeoutMs = 180_000;

/**
 * @returns {Promise<BrowserProgram>}
 * @throws {BenchError} when there is none.
 */
export async function requireChromium() {
  const executablePath = await findChromium();
  if (executablePath) return { executablePath, args: launchArguments() };
  throw new BenchError('There is no Chromium. Run "node scripts/chromium/find-chromium.mjs --install" first.');
}

/**
 * Starts a browser for some work, and ends it after.
 *
 * @template T
 * @param {BrowserProgram} program
 * @param {string} profile Folder of what the browser keeps.
 * @param {(context: import('@playwright/test').BrowserContext) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withBrowser(program, profile, work) {
  const context = await chromium.launchPersistentContext(profile, { ...program, headless: true });
  try {
    await delay(settleMs);
    return await work(context);
  } finally {
    await context.close();
  }
}

/**
 * Opens a page and takes what it offers to the driver as `globalThis.harness`.
 *
 * @template Harness
 * @param {import('@playwright/test').BrowserContext} context
 * @param {string} url
 * @returns {Promise<{ page: import('@playwright/test').Page, harness: import('@playwright/test').JSHandle<Harness> }>}
 * @throws {BenchError}
 */
export async function openPage(context, url) {
  const page = await context.newPage();
  /** @type {string[]} */
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
  await page.goto(url);
  // The page's module runs before `load`, so a page without a harness has failed.
  const harness = await page.evaluateHandle('globalThis.harness');
  if (await harness.evaluate((value) => value === undefined)) {
    throw new BenchError(`${url} did not start. ${complaints.join(' ')}`);
  }
  return {
    page,
    harness: /** @type {import('@playwright/test').JSHandle<Harness>} */ (/** @type {unknown} */ (harness)),
  };
}

/**
 * Waits for an answer of a page, but not for ever.
 *
 * @template T
 * @param {string} name What the page does, for the message.
 * @param {Promise<T>} answer
 * @returns {Promise<T>}
 * @throws {BenchError}
 */
export async function step(name, answer) {
  const stop = new AbortController();
  const timeout = delay(stepTimeoutMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`no answer within ${stepTimeoutMs / 1000} s`);
  });
  timeout.catch(() => {});
  try {
    return await Promise.race([answer, timeout]);
  } catch (error) {
    throw new BenchError(`${name}: ${error instanceof Error ? error.message : error}`);
  } finally {
    stop.abort();
  }
}
