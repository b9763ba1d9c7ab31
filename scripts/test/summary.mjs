// @ts-check
import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/** @type {Counts} */
export const oneFailure = { passed: 0, failed: 1, skipped: 0 };

/**
 * Counts of a vitest JSON report. A test file that could not be loaded has no tests in it and counts as one failure.
 *
 * @param {any} report
 * @returns {Counts}
 */
export function vitestCounts(report) {
  const unloaded = report.testResults.filter(
    (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/**
 * Counts of a Playwright JSON report. A test that passed only when tried again counts as failed, and so does each error
 * outside the tests, such as a file that could not be loaded.
 *
 * @param {any} report
 * @returns {Counts}
 */
export function playwrightCounts({ stats, errors }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped };
}

/**
 * What a suite's report says, never better than its exit code: a suite that left no readable report, ran nothing, or
 * failed without naming a failed test counts as one failure.
 *
 * @param {string} file
 * @param {(report: any) => Counts} toCounts
 * @param {number} exitCode
 * @returns {Counts}
 */
export function readCounts(file, toCounts, exitCode) {
  if (!existsSync(file)) return oneFailure;
  /** @type {Counts} */
  let counts;
  try {
    counts = toCounts(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return oneFailure;
  }
  const { passed, failed, skipped } = counts;
  if (![passed, failed, skipped].every(Number.isInteger)) return oneFailure;
  const hidden = failed === 0 && (exitCode !== 0 || passed + skipped === 0);
  return hidden ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {Counts[]} all
 * @returns {Counts}
 */
export function sumCounts(all) {
  return all.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** @param {Counts} counts */
export function formatCounts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
