// @ts-check
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runCommand } from './run-command.mjs';
import { formatCounts, oneFailure, playwrightCounts, readCounts, sumCounts, vitestCounts } from './summary.mjs';

/**
 * @typedef {'static' | 'unit' | 'browser' | 'e2e'} Part
 *
 * @typedef {object} Setup
 * @property {string} title
 * @property {string[]} command
 * @property {Part[]} neededBy
 *
 * @typedef {object} Suite
 * @property {string} title
 * @property {string[]} command
 * @property {string} report
 * @property {(report: any) => import('./summary.mjs').Counts} toCounts
 */

/** @type {Part[]} */
const parts = ['static', 'unit', 'browser', 'e2e'];

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const only = parts.find((part) => part === values.only);
if (values.only !== undefined && !only) {
  console.error(`--only takes one of ${parts.join(', ')}; it was "${values.only}".`);
  process.exit(2);
}

/** @type {Setup[]} */
const setups = [
  {
    title: 'Chromium',
    command: ['node', 'scripts/chromium/find-chromium.mjs', '--install'],
    neededBy: ['browser', 'e2e'],
  },
  { title: 'Models', command: ['node', 'scripts/models/models.mjs'], neededBy: ['e2e'] },
  { title: 'Build', command: ['npm', 'run', 'build'], neededBy: ['static', 'e2e'] },
  { title: 'Build of the demos', command: ['npm', 'run', 'build:demos'], neededBy: ['e2e'] },
];

const vitestReport = 'test-results/vitest.json';
const vitest = ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`];

/** @type {Suite[]} */
const suites = [];
if (!only || only === 'static') {
  suites.push({
    title: 'Static checks',
    command: ['npm', 'run', 'check:static'],
    report: 'test-results/static.json',
    toCounts: (report) => report,
  });
}
if (!only || only === 'unit' || only === 'browser') {
  const project = only && (only === 'unit' ? 'node' : 'browser');
  suites.push({
    title: 'Unit and browser tests',
    command: project ? [...vitest, '--project', project] : vitest,
    report: vitestReport,
    toCounts: vitestCounts,
  });
}
if (!only || only === 'e2e') {
  suites.push({
    title: 'End-to-end tests',
    command: ['playwright', 'test'],
    report: 'test-results/e2e.json',
    toCounts: playwrightCounts,
  });
}

process.chdir(fileURLToPath(new URL('../../', import.meta.url)));
// A report of an earlier run must not stand in for one that this run failed to write.
for (const { report } of suites) rmSync(report, { force: true });

/** @type {[string, import('./summary.mjs').Counts][]} */
const results = [];
for (const { title, command, neededBy } of setups) {
  if (only && !neededBy.includes(only)) continue;
  if ((await runCommand(title, command)) !== 0) results.push([title, oneFailure]);
}
for (const { title, command, report, toCounts } of suites) {
  const exitCode = await runCommand(title, command);
  results.push([title, readCounts(report, toCounts, exitCode)]);
}

console.log('\n=== Summary');
for (const [title, counts] of results) console.log(`${title}: ${formatCounts(counts)}`);
const sum = sumCounts(results.map(([, counts]) => counts));
process.exitCode = sum.failed === 0 ? 0 : 1;
console.log(formatCounts(sum));
