// @ts-check
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireChromium } from '../chromium.mjs';
import { judge, tableHeader, toCells } from '../comparison.mjs';
import { describeEnvironment, formatEnvironment } from '../environment.mjs';
import { manifests } from '../libraries.mjs';
import { describePairs, fewestForJudgement, measurePair, readPairCount } from '../pairs.mjs';
import { median } from '../statistics.mjs';
import { formatTable } from '../table.mjs';
import { checkAgreement } from './agreement.mjs';
import { figures } from './figures.mjs';
import { measureLibrary, warmUp } from './measure-library.mjs';
import { sentence } from './pages/sentence.mjs';
import { modelId, openSite } from './site.mjs';
import { mixedTexts } from './texts.mjs';

/**
 * @typedef {import('../pairs.mjs').LibraryName} LibraryName
 * @typedef {import('./measure-library.mjs').Measurement} Measurement
 * @typedef {Record<LibraryName, Measurement>} MeasuredPair
 */

/** @type {import('../bench.mjs').Bench} */
export const bench = {
  usage: `  --pairs <count>  How often each library is measured; below ${fewestForJudgement} the figures are noise. Default 7.
  --models <dir>   Folder that holds ${modelId}/. Default models/.
  --json <file>    Also writes every sample there.
`,
  options: {
    pairs: { type: 'string', default: '7' },
    models: { type: 'string' },
    json: { type: 'string' },
  },
  async run({ pairs, models, json }) {
    const count = readPairCount(pairs);
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
      const texts = mixedTexts();
      const optionsFor = (/** @type {LibraryName} */ library) => ({
        library,
        site,
        browser,
        temporaryDirectory,
        sentence,
        texts,
      });
      for (const library of /** @type {const} */ (['insitu', 'transformers'])) await warmUp(optionsFor(library));
      /** @type {MeasuredPair[]} */
      const measured = [];
      for (let pair = 0; pair < count; pair++) {
        measured.push(await measurePair(pair, (library) => measureLibrary(optionsFor(library))));
        reportProgress(pair, count, measured);
      }
      report(measured, environment, json);
    } finally {
      await site.close();
      removeTemporary();
    }
  },
};

/** @param {number} pair @param {number} count @param {readonly MeasuredPair[]} measured */
function reportProgress(pair, count, measured) {
  const last = /** @type {MeasuredPair} */ (measured.at(-1));
  const times = (/** @type {LibraryName} */ library) => {
    const { firstVisit, secondVisit, batch } = last[library].sample;
    return `${library} ${[firstVisit, secondVisit, batch].map(Math.round).join(' / ')} ms`;
  };
  process.stderr.write(
    `pair ${pair + 1}/${count}  ${times('insitu')}   ${times('transformers')}   (first / second visit / batch)\n`,
  );
}

/**
 * @param {readonly MeasuredPair[]} measured
 * @param {import('../environment.mjs').Environment} environment
 * @param {unknown} json
 */
function report(measured, environment, json) {
  const agreements = measured.map(({ insitu, transformers }) => checkAgreement(insitu.vectors, transformers.vectors));
  const outcomes = judge(
    figures,
    measured.map(({ insitu, transformers }) => ({ insitu: insitu.sample, transformers: transformers.sample })),
  );
  const last = /** @type {MeasuredPair} */ (measured.at(-1));
  const chromium = last.insitu.chromiumVersion;
  const worst = (/** @type {keyof import('./agreement.mjs').Agreement} */ key) =>
    Math.max(...agreements.map((agreement) => agreement[key])).toExponential(1);

  const [firstTokens = NaN, ...tokens] = last.transformers.tokenLengths ?? [];
  const longest = Math.max(...tokens);
  const padding = (longest * tokens.length) / tokens.reduce((sum, length) => sum + length, 0);
  const lines = [
    ...formatEnvironment(environment),
    `Chromium ${chromium}, ${modelId} q8, ${describePairs(measured.length)}: median [min–max], ratio within pairs`,
    `Sentence of ${firstTokens} tokens; ${tokens.length} texts of ${Math.min(...tokens)} to ${longest} tokens, median ${median(tokens)}; padded to the longest, ${padding.toFixed(1)} times their tokens`,
    '',
    formatTable(tableHeader, outcomes.map(toCells)),
    '',
    `Requests for library / model files, last pair: ${requestCounts('insitu', last.insitu)}; ${requestCounts('transformers.js', last.transformers)}.`,
    `Cosine distance between the libraries, at most: sentence ${worst('sentence')}, texts one at a time ${worst('oneByOne')}.`,
    `Cosine distance of a text in the batch from the same text alone, at most: insitu ${worst('ourBatch')}, transformers.js ${worst('theirBatch')}.`,
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);

  if (typeof json === 'string') {
    const samples = measured.map(({ insitu, transformers }, pair) => ({
      insitu: withoutVectors(insitu),
      transformers: withoutVectors(transformers),
      agreement: agreements[pair],
    }));
    writeFileSync(
      json,
      `${JSON.stringify({ environment, chromium, model: modelId, outcomes, samples }, undefined, 2)}\n`,
    );
  }
}

/** @param {string} name @param {Measurement} measurement */
function requestCounts(name, { firstTraffic, secondTraffic }) {
  const count = (/** @type {import('./site.mjs').Traffic} */ { libraryPaths, modelPaths }) =>
    `${libraryPaths.length} / ${modelPaths.length}`;
  return `${name} ${count(firstTraffic)} on the first visit, ${count(secondTraffic)} on the second`;
}

/** @param {Measurement} measurement */
function withoutVectors({ sample, firstTraffic, secondTraffic }) {
  return { sample, firstTraffic, secondTraffic };
}
