// @ts-check
import { ExplainedError } from '../explained-error.mjs';
import { formatSeconds } from '../terminal/format-amount.mjs';
import { PassingError } from './transfer-error.mjs';

/**
 * @typedef {object} RetryRules
 * @property {number} failures How many in a row, without a byte in between, are too many.
 * @property {number} pauseMilliseconds Before the first new try; then twice as long each time.
 * @property {number} longestPause What a server may ask for, in milliseconds.
 * @property {(milliseconds: number, signal: AbortSignal) => Promise<void>} wait
 * @property {() => number} random 0..1, for the jitter that keeps clients from coming back all at once.
 */

/** @type {RetryRules} */
export const defaultRetryRules = {
  failures: 6,
  pauseMilliseconds: 500,
  longestPause: 5 * 60_000,
  wait: waitFor,
  random: Math.random,
};

/**
 * Tries until it succeeds, fails for good, or has failed too often.
 *
 * @template Result
 * @param {(progressed: () => void) => Promise<Result>} work Calls `progressed` when it got further than ever before.
 * @param {{ rules: RetryRules, signal: AbortSignal, onRetry: (reason: string) => void }} options
 * @returns {Promise<Result>}
 */
export async function retry(work, { rules, signal, onRetry }) {
  for (let failures = 0; ;) {
    try {
      return await work(() => (failures = 0));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PassingError)) throw error;
      failures++;
      const asked = error.waitMilliseconds;
      if (asked > rules.longestPause) {
        throw new ExplainedError(
          `${error.message} It asks to wait for ${formatSeconds(asked / 1000)}: run this again then.`,
        );
      }
      if (failures >= rules.failures) {
        throw new ExplainedError(`${error.message} Tried ${failures} times. Run this again to continue.`);
      }
      const backoff = rules.pauseMilliseconds * 2 ** (failures - 1) * (0.5 + rules.random() / 2);
      const pause = Math.max(backoff, asked);
      onRetry(`${error.message} Trying again in ${formatSeconds(pause / 1000)}.`);
      await rules.wait(pause, signal);
    }
  }
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function waitFor(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}
