// @ts-check
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../bench-error.mjs';
import { requireChromium } from '../chromium.mjs';
import { judge, tableHeader, toCells } from '../comparison.mjs';
import { describeEnvironment, formatEnvironment } from '../environment.mjs';
import { describePairs, fewestForJudgement, measurePair, readPairCount } from '../pairs.mjs';
import { manifests } from '../libraries.mjs';
import { spread } from '../statistics.mjs';
import { formatTable } from '../table.mjs';
import { figures } from './figures.mjs';
import { measureStorage } from './measure-storage.mjs';
import { openSite } from './site.mjs';

/**
 * @typedef {import('../pairs.mjs').LibraryName} LibraryName
 * @typedef {import('./measure-storage.mjs').Measurement} Measurement
 * @typedef {{ small: Record<LibraryName, Measurement>, large: Record<LibraryName, Measurement> }} MeasuredPair
 */

/** @type {import('../bench.mjs').Bench} */
export const bench = {
  usage: `  --pairs <count>  How often each library is measured; below ${fewestForJudgement} the figures are noise. Default 5.
  --models <dir>   Folder that holds insitu/all-MiniLM-L6-v2/. Default models/.
  --json <file>    Also writes every measurement there.
`,
  options: {
    pairs: { type: 'string', default: '5' },
    models: { type: 'string' },
    json: { type: 'string' },
  },
  async run({ pairs, models, json }) {
    const count = readPairCount(pairs);
    if (!existsSync('/proc/self/status')) throw new BenchError('This bench reads memory from /proc, which Linux has.');
    const browser = await requireChromium();
    const modelsDirectory = resolve(
      typeof models === 'string' ? models : fileURLToPath(new URL('../../models', import.meta.url)),
    );
    const temporaryDirectory = mkdtempSync(join(tmpdir(), 'insitu-bench-'));
    const removeTemporary = () => rmSync(temporaryDirectory, { recursive: true, force: true, maxRetries: 5 });
    process.once('exit', removeTemporary);
    const environment = describeEnvironment(manifests);
    const site = await openSite({ modelsDirectory, temporaryDirectory });
    try {
      const measure = (/** @type {number} */ pair, /** @type {keyof MeasuredPair} */ size) =>
        measurePair(pair, (library) =>
          measureStorage({ library, file: site.files[size], site, browser, temporaryDirectory }),
        );
      // Once unmeasured: the first run finds the browser and the served files cold.
      await measure(0, 'small');
      /** @type {MeasuredPair[]} */
      const measured = [];
      for (let pair = 0; pair < count; pair++) {
        const last = { small: await measure(pair, 'small'), large: await measure(pair, 'large') };
        measured.push(last);
        process.stderr.write(`pair ${pair + 1}/${count}  ${describePair(last)}\n`);
      }
      report(measured, environment, json);
    } finally {
      await site.close();
      removeTemporary();
    }
  },
};

/** @param {MeasuredPair} pair */
function describePair({ small, large }) {
  const of = (/** @type {LibraryName} */ library) => {
    const times = [small[library].readTime, large[library].readTime].map(Math.round).join(' / ');
    const megabytes = [small[library].extraBytes, large[library].extraBytes].map((bytes) => Math.round(bytes / 1e6));
    return `${library} ${times} ms, ${megabytes.join(' / ')} MB`;
  };
  return `${of('insitu')}   ${of('transformers')}   (23 / 500 MB)`;
}

/**
 * @param {readonly MeasuredPair[]} measured
 * @param {import('../environment.mjs').Environment} environment
 * @param {unknown} json
 */
function report(measured, environment, json) {
  const valuesOf = (/** @type {MeasuredPair} */ { small, large }, /** @type {LibraryName} */ library) => ({
    readSmall: small[library].readTime,
    memorySmall: small[library].extraBytes,
    storeSmall: small[library].storeTime,
    readLarge: large[library].readTime,
    memoryLarge: large[library].extraBytes,
    storeLarge: large[library].storeTime,
  });
  const outcomes = judge(
    figures,
    measured.map((pair) => ({ insitu: valuesOf(pair, 'insitu'), transformers: valuesOf(pair, 'transformers') })),
  );
  const chromium = measured.at(-1)?.large.insitu.chromiumVersion;
  const lines = [
    ...formatEnvironment(environment),
    `Chromium ${chromium}, ${describePairs(measured.length)}: median [min–max], ratio within pairs`,
    'insitu: openModel(…).find(path) with IndexedDB, from build/worker, every part checked.',
    'transformers.js: getModelFile(model, path) with the Cache API, from the src/ of its package.',
    '',
    formatTable(tableHeader, outcomes.map(toCells)),
    '',
    `Samples of memory in one read: ${describeSamples(measured, 'small')} at 23 MB, ${describeSamples(measured, 'large')} at 500 MB. Where they are few, a peak may lie between two.`,
    'Both read the bytes that were served, and asked the server for nothing.',
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
  if (typeof json === 'string') {
    writeFileSync(json, `${JSON.stringify({ environment, chromium, outcomes, measured }, undefined, 2)}\n`);
  }
}

/** @param {readonly MeasuredPair[]} measured @param {keyof MeasuredPair} size */
function describeSamples(measured, size) {
  const of = (/** @type {LibraryName} */ library) => {
    const { min, max } = spread(measured.map((pair) => pair[size][library].memorySamples));
    return min === max ? `${min}` : `${min}–${max}`;
  };
  return `${of('insitu')} of insitu and ${of('transformers')} of transformers.js`;
}
