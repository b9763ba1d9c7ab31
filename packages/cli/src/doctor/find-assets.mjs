// @ts-check
import { resolve } from './html-page.mjs';
import { look } from './look.mjs';
import { readScripts } from './read-scripts.mjs';

/**
 * One of the files that insitu loads.
 *
 * @typedef {'client' | 'worker' | 'weights' | 'runtime' | 'loader' | 'wasm'} Role
 * @typedef {{ role: Role, url: string }} Asset
 *
 * @typedef {import('./html-page.mjs').HtmlPage} HtmlPage
 * @typedef {import('./read-scripts.mjs').Script} Script
 */

/** Names in `dist/`, without a bundler's hash. */
const names = /** @type {const} */ ({
  worker: 'worker.js',
  runtime: 'runtime.js',
  loader: 'ort-wasm-simd-threaded.mjs',
  wasm: 'ort-wasm-simd-threaded.wasm',
});

/** The same names as a bundler may have made them, in strings of a script. */
const references = {
  worker: /["'`]([^"'`\s]*(?<![\w-])worker(?:[-.][\w-]{4,})?\.js)["'`]/g,
  weights: /["'`]([^"'`\s]*(?<![\w-])weights-worker(?:[-.][\w-]{4,})?\.js)["'`]/g,
  runtime: /["'`]([^"'`\s]*\bruntime(?:[-.][\w-]{4,})?\.js)["'`]/g,
  loader: /["'`]([^"'`\s]*ort-wasm-simd-threaded(?:[-.][\w-]{4,})?\.mjs)["'`]/g,
  wasm: /["'`]([^"'`\s]*ort-wasm-simd-threaded(?:[-.][\w-]{4,})?\.wasm)["'`]/g,
};

const longestScript = 4e6;

/**
 * Finds the files of insitu that a page loads.
 *
 * @param {HtmlPage} page
 * @param {string | undefined} folder Where they are said to be.
 * @param {AbortSignal} signal
 * @returns {Promise<Asset[]>} Empty where there are none.
 */
export async function findAssets(page, folder, signal) {
  if (folder !== undefined) {
    const url = new URL('index.js', folder).href;
    const client = await look(url, { signal, limit: longestScript });
    // A bundler may have put the client into the page's own scripts.
    if (!isThere(client)) return assetsIn(folder);
    return [{ role: 'client', url }, ...assetsIn(folder), ...(await findWeightsWorker(url, client.text, signal))];
  }
  const scripts = await readScripts(page, signal);
  return (
    (await findByWorker(scripts, signal)) ??
    findByName(scripts) ??
    (await findByTrying([new URL('dist/', page.url).href, ...scripts.map(folderOf)], signal)) ??
    []
  );
}

/**
 * The client names its worker, and the worker names everything else.
 *
 * @param {Script[]} scripts
 * @param {AbortSignal} signal
 * @returns {Promise<Asset[] | undefined>}
 */
async function findByWorker(scripts, signal) {
  /** @type {Asset[] | undefined} */
  let incomplete;
  for (const script of scripts) {
    if (!script.named && !script.text.includes('insitu')) continue;
    for (const worker of referencesIn(script.text, references.worker, script.url)) {
      const seen = await look(worker, { signal, limit: longestScript });
      if (isThere(seen) && !seen.text.includes('ort-wasm-simd-threaded')) continue;
      const parts = assetsOf(worker, isThere(seen) ? seen.text : '');
      const assets = [
        ...(script.inline ? [] : [{ role: /** @type {const} */ ('client'), url: script.url }]),
        ...parts,
        ...(await findWeightsWorker(script.url, script.text, signal)),
      ];
      // A bundler may ship a plain copy of the worker beside the one that it made, which nobody loads.
      const seenParts = await Promise.all(parts.map(({ url }) => look(url, { signal })));
      if (seenParts.every(isThere)) return assets;
      incomplete ??= assets;
    }
  }
  return incomplete;
}

/**
 * The worker of the store, where the client has one.
 *
 * @param {string} client URL.
 * @param {string} text Its script.
 * @param {AbortSignal} signal
 * @returns {Promise<Asset[]>} One or none.
 */
async function findWeightsWorker(client, text, signal) {
  const urls = referencesIn(text, references.weights, client);
  for (const url of urls) if (isThere(await look(url, { signal }))) return [{ role: 'weights', url }];
  return urls.slice(0, 1).map((url) => ({ role: 'weights', url }));
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 * @param {string} baseUrl
 * @returns {string[]} URLs, each once.
 */
function referencesIn(text, pattern, baseUrl) {
  return [...new Set([...text.matchAll(pattern)].flatMap(([, reference = '']) => resolve(reference, baseUrl)))];
}

/**
 * @param {Script[]} scripts
 * @returns {Asset[] | undefined}
 */
function findByName(scripts) {
  const script = scripts.find(({ named, inline }) => named && !inline);
  return script && [{ role: 'client', url: script.url }, ...assetsIn(folderOf(script))];
}

/**
 * @param {string[]} folders
 * @param {AbortSignal} signal
 * @returns {Promise<Asset[] | undefined>}
 */
async function findByTrying(folders, signal) {
  for (const folder of new Set(folders)) {
    for (const name of [names.worker, names.wasm]) {
      if (isThere(await look(new URL(name, folder).href, { signal }))) return assetsIn(folder);
    }
  }
  return undefined;
}

/**
 * @param {string} worker URL.
 * @param {string} text Its script; empty where it cannot be read.
 * @returns {Asset[]}
 */
function assetsOf(worker, text) {
  const others = /** @type {const} */ (['runtime', 'loader', 'wasm']).map((role) => {
    const [, reference = names[role]] = text.matchAll(references[role]).next().value ?? [];
    return { role, url: new URL(reference, worker).href };
  });
  // The names of a bundler cannot be guessed.
  return [{ role: 'worker', url: worker }, ...(text || worker.endsWith(`/${names.worker}`) ? others : [])];
}

/**
 * @param {string} folder
 * @returns {Asset[]}
 */
function assetsIn(folder) {
  return assetsOf(new URL(names.worker, folder).href, '');
}

/** @param {Script} script */
function folderOf({ url }) {
  return new URL('.', url).href;
}

/** @param {import('./look.mjs').Look} seen */
function isThere(seen) {
  return seen.ok && !seen.html;
}
