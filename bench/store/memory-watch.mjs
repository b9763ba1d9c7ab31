// @ts-check
import { setTimeout as delay } from 'node:timers/promises';
import { BenchError } from '../bench-error.mjs';
import { median } from '../statistics.mjs';
import { readAnonymousBytes, readFamily } from './process-memory.mjs';

const sampleMs = 10;
/** A process may start or end meanwhile; to look for them takes longer than a sample. */
const familyMs = 100;
const baselineSamples = 20;

/**
 * Finds out how much memory a browser takes in addition while something runs.
 *
 * @template T
 * @param {number} browserPid
 * @param {() => Promise<T>} run
 * @returns {Promise<{ result: T, extraBytes: number, samples: number }>} The highest sample of all its processes together
 *   over what they had before.
 */
export async function watchMemory(browserPid, run) {
  let family = readFamily(browserPid);
  let lookedAt = Date.now();
  const sample = () => {
    if (Date.now() - lookedAt >= familyMs) {
      family = readFamily(browserPid);
      lookedAt = Date.now();
    }
    return readAnonymousBytes(family);
  };

  const before = [];
  while (before.length < baselineSamples) {
    before.push(sample());
    await delay(sampleMs);
  }
  const samples = [sample()];
  const timer = setInterval(() => samples.push(sample()), sampleMs);
  try {
    const result = await run();
    samples.push(sample());
    return { result, extraBytes: Math.max(...samples) - median(before), samples: samples.length };
  } finally {
    clearInterval(timer);
  }
}

/**
 * @param {import('@playwright/test').BrowserContext} context
 * @returns {Promise<number>} Process id of the browser.
 */
export async function findBrowserPid(context) {
  const session = await context.browser()?.newBrowserCDPSession();
  const { processInfo = [] } = (await session?.send('SystemInfo.getProcessInfo')) ?? {};
  await session?.detach();
  const browser = processInfo.find(({ type }) => type === 'browser');
  if (!browser) throw new BenchError('The browser does not tell which process it is.');
  return browser.id;
}
