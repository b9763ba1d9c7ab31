// @ts-check
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startStaticServer } from '../../scripts/serve/static-server.mjs';
import { BenchError } from '../bench-error.mjs';
import { bundle } from '../bundle.mjs';
import { openPage, requireChromium, step, withBrowser } from '../chromium.mjs';
import { judge, tableHeader, toCells } from '../comparison.mjs';
import { describeEnvironment, formatEnvironment } from '../environment.mjs';
import { writeLargeGenerationModel } from '../large-generation-model.mjs';
import { describePairs, fewestForJudgement, measurePair, readPairCount } from '../pairs.mjs';
import { manifests } from '../libraries.mjs';
import { median } from '../statistics.mjs';
import { formatTable } from '../table.mjs';

/**
 * @typedef {import('./pages/harness.mjs').Harness} Harness
 * @typedef {import('./pages/harness.mjs').Written} Written
 * @typedef {import('../pairs.mjs').LibraryName} LibraryName
 * @typedef {{ model: string, dtype: 'fp32' | 'q8' }} Subject
 * @typedef {'call' | 'stream'} Key
 */

const tokens = 128;
const rounds = 3;
const prompt = 'Once upon a time there was a little girl who lived in a small house near the woods.';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const transformersManifest = manifests['@huggingface/transformers'];

/** A step of ours may take as long as one of theirs. @type {import('../comparison.mjs').Figure<Key>[]} */
const figures = [
  { key: 'call', label: 'a token, in a call', unit: 'time', target: { ratio: 1 } },
  { key: 'stream', label: 'a token, in a stream', unit: 'time', target: { ratio: 1 } },
];

/** @type {import('../bench.mjs').Bench} */
export const bench = {
  usage: `  --pairs <count>  How often each library is measured with each model; below ${fewestForJudgement} the figures are noise. Default 5.
  --small <dir>    Folder of a small model for text generation in Hub layout, fp32; measured where it is there.
                   Default ../shared/models/text-generation/TinyStories-656K.
  --json <file>    Also writes every sample there.
`,
  options: { pairs: { type: 'string', default: '5' }, small: { type: 'string' }, json: { type: 'string' } },
  async run({ pairs, small, json }) {
    const count = readPairCount(pairs);
    const browser = await requireChromium();
    const temporaryDirectory = mkdtempSync(join(tmpdir(), 'insitu-bench-'));
    const removeTemporary = () => rmSync(temporaryDirectory, { recursive: true, force: true, maxRetries: 5 });
    process.once('exit', removeTemporary);
    const environment = describeEnvironment(manifests);
    try {
      const subjects = await collectModels(temporaryDirectory, small);
      const site = await openSite(temporaryDirectory);
      try {
        process.stdout.write(`${formatEnvironment(environment).join('\n')}\n${describePairs(count)} each: `);
        process.stdout.write(`median [min–max] of ${tokens} tokens after a prompt, greedy; ratio within pairs\n`);
        const samples = [];
        for (const subject of subjects) {
          const measured = [];
          for (let pair = 0; pair < count; pair++) {
            measured.push(
              await measurePair(pair, (library) => {
                const profile = mkdtempSync(join(temporaryDirectory, 'profile-'));
                return withBrowser(browser, profile, (context) => measure(context, site.url, library, subject));
              }),
            );
            reportProgress(subject, pair, count, measured);
          }
          report(subject, measured);
          samples.push({ ...subject, measured });
        }
        if (typeof json === 'string')
          writeFileSync(json, `${JSON.stringify({ environment, samples }, undefined, 2)}\n`);
      } finally {
        await site.close();
      }
    } finally {
      removeTemporary();
    }
  },
};

/**
 * @param {string} temporaryDirectory
 * @param {unknown} small
 * @returns {Promise<Subject[]>}
 */
async function collectModels(temporaryDirectory, small) {
  const folder = resolve(
    typeof small === 'string' ? small : join(repository, '../shared/models/text-generation/TinyStories-656K'),
  );
  /** @type {Subject[]} */
  const subjects = [];
  if (existsSync(join(folder, 'config.json'))) {
    cpSync(folder, join(temporaryDirectory, 'models/small'), { recursive: true });
    subjects.push({ model: 'small', dtype: 'fp32' });
  } else if (typeof small === 'string') {
    throw new BenchError(`There is no model in ${folder}.`);
  } else {
    process.stdout.write(`The small model was not measured: there is none in ${folder}.\n`);
  }
  for (const dtype of /** @type {const} */ (['q8', 'fp32'])) {
    await writeLargeGenerationModel(join(temporaryDirectory, `models/large-${dtype}`), dtype);
    subjects.push({ model: `large-${dtype}`, dtype });
  }
  return subjects;
}

/** @param {string} temporaryDirectory */
async function openSite(temporaryDirectory) {
  const built = join(repository, 'dist');
  if (!existsSync(join(built, 'index.js')))
    throw new BenchError('There is no dist/index.js. Run "npm run build" first.');
  // A copy, so that a build during the run does not change what is measured.
  cpSync(built, join(temporaryDirectory, 'insitu'), { recursive: true });
  await bundle([fileURLToPath(new URL('transformers-entry.mjs', import.meta.url))], join(temporaryDirectory, 'theirs'));
  return startStaticServer({
    isolated: true,
    mounts: [
      { prefix: '/pages/', directory: fileURLToPath(new URL('pages', import.meta.url)) },
      { prefix: '/models/', directory: join(temporaryDirectory, 'models') },
      { prefix: '/dist/', directory: join(temporaryDirectory, 'insitu') },
      { prefix: '/transformers/', directory: join(temporaryDirectory, 'theirs') },
      // The copy that transformers.js itself depends on.
      { prefix: '/onnxruntime/', directory: dirname(createRequire(transformersManifest).resolve('onnxruntime-web')) },
    ],
  });
}

/**
 * @param {import('@playwright/test').BrowserContext} context
 * @param {string} url
 * @param {LibraryName} library
 * @param {Subject} subject
 * @returns {Promise<Record<Key, number> & Pick<Written, 'text'>>} Milliseconds of a token.
 */
async function measure(context, url, library, subject) {
  const { harness } = await /** @type {typeof openPage<Harness>} */ (openPage)(context, `${url}/pages/${library}.html`);
  const request = { ...subject, prompt, tokens, rounds };
  const writing = harness.evaluate(({ write }, given) => write(given), request);
  const { call, stream, text } = await step(`Writing with ${library}`, writing);
  return { call: median(call) / tokens, stream: median(stream) / tokens, text };
}

/** @typedef {Record<LibraryName, Awaited<ReturnType<typeof measure>>>} MeasuredPair */

/** @param {Subject} subject @param {number} pair @param {number} count @param {readonly MeasuredPair[]} measured */
function reportProgress({ model }, pair, count, measured) {
  const { insitu, transformers } = /** @type {MeasuredPair} */ (measured.at(-1));
  if (insitu.text !== transformers.text) {
    throw new BenchError(`The texts differ.\ninsitu: ${insitu.text}\ntransformers.js: ${transformers.text}`);
  }
  const times = `${insitu.call.toFixed(2)} / ${transformers.call.toFixed(2)} ms`;
  process.stderr.write(`${model}: pair ${pair + 1}/${count}  ${times} a token   (insitu / transformers.js)\n`);
}

/** @param {Subject} subject @param {readonly MeasuredPair[]} measured */
function report({ model, dtype }, measured) {
  const outcomes = judge(figures, measured);
  const speeds = outcomes.map(({ insitu, transformers }) => {
    const [ours, theirs] = [insitu, transformers].map((times) => (1000 / times.median).toFixed(1));
    return `${ours} / ${theirs}`;
  });
  process.stdout.write(`\n${model.replace(`-${dtype}`, '')}, ${dtype}: ${speeds.join(' and ')} tokens/s\n`);
  process.stdout.write(`${formatTable(tableHeader, outcomes.map(toCells))}\n`);
}
