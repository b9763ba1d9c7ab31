// @ts-check
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStaticServer } from '../../scripts/serve/static-server.mjs';
import { BenchError } from '../bench-error.mjs';
import { openPage, requireChromium, step, withBrowser } from '../chromium.mjs';
import { describeEnvironment, formatEnvironment } from '../environment.mjs';
import { describePairs, fewestForJudgement, readPairCount } from '../pairs.mjs';
import { sentence } from '../start/pages/sentence.mjs';
import { median, spread } from '../statistics.mjs';
import { formatTable } from '../table.mjs';

/** @typedef {import('./pages/latency.mjs').Harness} Harness */
/** @typedef {Record<import('./pages/latency.mjs').Side, number>} Sample Median of a page's calls, in milliseconds. */

const calls = 150;
const repository = fileURLToPath(new URL('../..', import.meta.url));

/** What the layer above the runtime may cost. */
const targets = { milliseconds: 0.5, ratio: 1.03 };

/** @type {import('../bench.mjs').Bench} */
export const bench = {
  usage: `  --pairs <count>  How many pages are measured, ${calls} calls of each kind in each; below ${fewestForJudgement} the figures are noise. Default 7.
  --models <dir>   Folder that holds insitu/all-MiniLM-L6-v2/. Default models/.
  --json <file>    Also writes every sample there.
`,
  options: { pairs: { type: 'string', default: '7' }, models: { type: 'string' }, json: { type: 'string' } },
  async run({ pairs, models, json }) {
    const count = readPairCount(pairs);
    const browser = await requireChromium();
    const temporaryDirectory = mkdtempSync(join(tmpdir(), 'insitu-bench-'));
    const environment = describeEnvironment({ insitu: new URL('../../package.json', import.meta.url) });
    const site = await startStaticServer({
      isolated: true,
      mounts: [
        { prefix: '/pages/', directory: fileURLToPath(new URL('pages', import.meta.url)) },
        { prefix: '/models/', directory: resolve(typeof models === 'string' ? models : join(repository, 'models')) },
        { prefix: '/dist/', directory: join(repository, 'dist') },
      ],
    });
    try {
      /** @type {Sample[]} */
      const samples = [];
      for (let page = 0; page < count; page++) {
        const profile = mkdtempSync(join(temporaryDirectory, 'profile-'));
        samples.push(await withBrowser(browser, profile, (context) => measurePage(context, site.url)));
        reportProgress(page, count, samples);
      }
      process.stdout.write(`\n${formatReport(samples, environment)}\n`);
      if (typeof json === 'string') writeFileSync(json, `${JSON.stringify({ environment, samples }, undefined, 2)}\n`);
    } finally {
      await site.close();
      rmSync(temporaryDirectory, { recursive: true, force: true, maxRetries: 5 });
    }
  },
};

/**
 * @param {import('@playwright/test').BrowserContext} context
 * @param {string} url
 * @returns {Promise<Sample>}
 */
async function measurePage(context, url) {
  const { harness } = await /** @type {typeof openPage<Harness>} */ (openPage)(context, `${url}/pages/latency.html`);
  const measuring = harness.evaluate(({ measure }, given) => measure(given.text, given.calls), {
    text: sentence,
    calls,
  });
  const { times, distance } = await step('The calls', measuring);
  if (!(Math.abs(distance) < 1e-4)) throw new BenchError(`The two sides differ: cosine distance ${distance}.`);
  return { bare: median(times.bare), insitu: median(times.insitu), signal: median(times.signal) };
}

/** @param {number} page @param {number} count @param {readonly Sample[]} samples */
function reportProgress(page, count, samples) {
  const { bare, insitu, signal } = /** @type {Sample} */ (samples.at(-1));
  const line = [bare, insitu, signal].map((time) => time.toFixed(2)).join(' / ');
  process.stderr.write(`page ${page + 1}/${count}  ${line} ms   (bare / insitu / insitu with a signal)\n`);
}

/** @param {readonly Sample[]} samples @param {import('../environment.mjs').Environment} environment */
function formatReport(samples, environment) {
  const cell = (/** @type {readonly number[]} */ values, /** @type {string} */ unit) => {
    const { median: middle, min, max } = spread(values);
    return `${middle.toFixed(2)}${unit} [${min.toFixed(2)}–${max.toFixed(2)}]`;
  };
  const bare = samples.map((sample) => sample.bare);
  const rows = /** @type {const} */ (['insitu', 'signal']).map((side) => {
    const ours = samples.map((sample) => sample[side]);
    const cost = ours.map((time, index) => time - /** @type {number} */ (bare[index]));
    const ratio = ours.map((time, index) => time / /** @type {number} */ (bare[index]));
    const met = median(cost) <= targets.milliseconds && median(ratio) <= targets.ratio;
    const name = side === 'insitu' ? 'a pipeline call' : 'with an AbortSignal';
    return [name, cell(ours, ' ms'), cell(bare, ' ms'), cell(cost, ' ms'), cell(ratio, ''), met ? 'yes' : 'NO'];
  });
  return [
    ...formatEnvironment(environment),
    `${describePairs(samples.length)} of sides on one page each, ${calls} calls of each side in turn: median [min–max] of the pages' medians`,
    'One sentence of 17 tokens, mean, normalised. Bare: the same runtime in a module worker, called by postMessage.',
    '',
    formatTable(
      ['call', 'insitu', 'bare', 'cost', 'ratio', `≤ ${targets.milliseconds} ms and ≤ ${targets.ratio}`],
      rows,
    ),
  ].join('\n');
}
