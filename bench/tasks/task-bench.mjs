// @ts-check
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStaticServer } from '../../scripts/serve/static-server.mjs';
import { openPage, requireChromium, step, withBrowser } from '../chromium.mjs';
import { judge, tableHeader, toCells } from '../comparison.mjs';
import { describeEnvironment, formatEnvironment } from '../environment.mjs';
import { manifests, mountLibraries } from '../libraries.mjs';
import { describePairs, fewestForJudgement, readPairCount } from '../pairs.mjs';
import { median } from '../statistics.mjs';
import { formatTable } from '../table.mjs';
import { checkDifferences } from './differences.mjs';

/**
 * @typedef {import('../../scripts/serve/static-server.mjs').Mount} Mount
 *
 * @typedef {object} TaskFigure Two sides of the page, of which each figure is a ratio.
 * @property {string} label
 * @property {string} insitu Name of a side.
 * @property {string} transformers Name of a side.
 * @property {number} [target] The most that our share of their time should be.
 *
 * @typedef {object} Prepared
 * @property {unknown} given What the page's `prepare` gets. Plain data.
 * @property {string[]} notes Lines about what is measured.
 * @property {Mount[]} mounts Of models, below /models/, and of what else the page asks for.
 *
 * @typedef {object} TaskBench
 * @property {string} page Name of the module in pages/ that has the sides.
 * @property {number} calls Of each side, for one pair: a pair has the medians.
 * @property {number} pairs By default.
 * @property {TaskFigure[]} figures
 * @property {{ usage: string, options: import('../bench.mjs').OptionDeclarations }} [own] Options besides those of all.
 * @property {(folders: { models: string, shared: string }, options: Record<string, unknown>) => Prepared} prepare
 *
 * @typedef {Record<string, number>} Sample Milliseconds by side.
 * @typedef {import('./pages/sides.mjs').Harness} Harness
 */

const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A bench of one task: all sides on one page, called in turn, on a cross-origin isolated page and on one that is not.
 *
 * @param {TaskBench} task
 * @returns {import('../bench.mjs').Bench}
 */
export function taskBench(task) {
  const calls = task.calls === 1 ? 'one call' : `the median of ${task.calls} calls`;
  return {
    usage: `  --pairs <count>  How often the sides are measured, ${calls} of each; below ${fewestForJudgement} the figures are noise. Default ${task.pairs}.
  --models <dir>   What npm run models made. Default models/.
  --shared <dir>   Folder with models/, images/ and audio/ that are not in the repository. Default ../shared/.
  --json <file>    Also writes every sample there.
${task.own?.usage ?? ''}`,
    options: {
      pairs: { type: 'string', default: `${task.pairs}` },
      models: { type: 'string', default: join(repository, 'models') },
      shared: { type: 'string', default: join(repository, '../shared') },
      json: { type: 'string' },
      ...task.own?.options,
    },
    run: (options) => runTaskBench(task, options),
  };
}

/** @param {TaskBench} task @param {Record<string, unknown>} options */
async function runTaskBench(task, options) {
  const count = readPairCount(options['pairs']);
  const browser = await requireChromium();
  const folder = (/** @type {string} */ name) => resolve(String(options[name]));
  const prepared = task.prepare({ models: folder('models'), shared: folder('shared') }, options);
  const environment = describeEnvironment(manifests);
  const temporaryDirectory = mkdtempSync(join(tmpdir(), 'insitu-bench-'));
  const removeTemporary = () => rmSync(temporaryDirectory, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', removeTemporary);
  const header = [
    ...formatEnvironment(environment),
    `${describePairs(count)} of sides on one page, in turn: median [min–max], ratio within pairs`,
    ...prepared.notes,
  ];
  process.stdout.write(`${header.join('\n')}\n`);
  try {
    const mounts = [...(await mountLibraries(temporaryDirectory)), ...prepared.mounts];
    const measured = [];
    for (const isolated of [true, false]) {
      const site = await startStaticServer({ isolated, mounts });
      try {
        const profile = mkdtempSync(join(temporaryDirectory, 'profile-'));
        const page = await withBrowser(browser, profile, (context) =>
          measurePage(context, `${site.url}/bench/tasks/pages/sides.html?${task.page}`, task, prepared.given, count),
        );
        measured.push({ isolated, ...page });
        process.stdout.write(`\n${formatPage(task, isolated, page)}\n`);
      } finally {
        await site.close();
      }
    }
    const { json } = options;
    if (typeof json === 'string') writeFileSync(json, `${JSON.stringify({ environment, measured }, undefined, 2)}\n`);
  } finally {
    removeTemporary();
  }
}

/**
 * @param {import('@playwright/test').BrowserContext} context
 * @param {string} url
 * @param {TaskBench} task
 * @param {unknown} given
 * @param {number} count
 */
async function measurePage(context, url, { calls }, given, count) {
  const { harness } = await /** @type {typeof openPage<Harness>} */ (openPage)(context, url);
  const { sides, notes } = await step(
    'Loading',
    harness.evaluate(({ prepare }, value) => prepare(value), given),
  );
  const time = (/** @type {string} */ side) =>
    step(
      side,
      harness.evaluate((page, name) => page.time(name), side),
    );
  for (const side of sides) await time(side);
  const differences = checkDifferences(await harness.evaluate((page) => page.differences()));
  /** @type {Sample[]} */
  const samples = [];
  let turns = 0;
  for (let pair = 0; pair < count; pair++) {
    /** @type {Record<string, number[]>} */
    const times = Object.fromEntries(sides.map((side) => [side, []]));
    for (let call = 0; call < calls; call++) {
      // Whoever comes first in one turn comes last in the next.
      for (const side of turns++ % 2 === 0 ? sides : [...sides].reverse()) times[side]?.push(await time(side));
    }
    const sample = Object.fromEntries(Object.entries(times).map(([side, own]) => [side, median(own)]));
    samples.push(sample);
    const line = Object.entries(sample).map(([side, own]) => `${side} ${own.toFixed(own < 100 ? 1 : 0)} ms`);
    process.stderr.write(`pair ${pair + 1}/${count}  ${line.join('   ')}\n`);
  }
  return { samples, differences, notes };
}

/**
 * @param {TaskBench} task
 * @param {boolean} isolated
 * @param {{ samples: Sample[], differences: import('./differences.mjs').Difference[], notes: string[] }} page
 */
function formatPage({ figures }, isolated, { samples, differences, notes }) {
  const outcomes = judge(
    figures.map(({ label, target }) => ({
      key: label,
      label,
      unit: 'time',
      ...(target !== undefined && { target: { ratio: target } }),
    })),
    samples.map((sample) => ({ insitu: timesOf('insitu', sample), transformers: timesOf('transformers', sample) })),
  );
  return [
    isolated ? 'On a cross-origin isolated page' : 'On a page that is not cross-origin isolated',
    ...notes,
    formatTable(tableHeader, outcomes.map(toCells)),
    ...differences.map(({ what, largest }) => `${what}: at most ${largest.toExponential(1)}.`),
  ].join('\n');

  /** @param {import('../pairs.mjs').LibraryName} library @param {Sample} sample */
  function timesOf(library, sample) {
    return Object.fromEntries(figures.map((figure) => [figure.label, Number(sample[figure[library]])]));
  }
}
