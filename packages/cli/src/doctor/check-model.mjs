// @ts-check
import { ExplainedError } from '../explained-error.mjs';
import { manifestName, parseManifest } from '../model/manifest.mjs';
import { findGraphs } from '../source/folder-listing.mjs';
import { silentTransferProgress } from '../terminal/transfer-progress.mjs';
import { defaultRetryRules } from '../transfer/retry.mjs';
import { allowsOrigin, checkPresence } from './check-assets.mjs';
import { failure, ok, warning } from './finding.mjs';
import { look } from './look.mjs';

/**
 * @typedef {import('./finding.mjs').Finding} Finding
 * @typedef {import('./look.mjs').Look} Look
 */

const presenceFix = "Serve the model's folder as it is.";
const longestManifest = 4e6;

/**
 * Whether the files of a model arrive as the store needs them.
 *
 * @param {string} folder URL with a slash at the end.
 * @param {Look} page
 * @param {AbortSignal} signal
 * @returns {Promise<Finding[]>}
 */
export async function checkModel(folder, page, signal) {
  const files = await listFiles(folder, signal);
  if ('level' in files) return [files];
  const origin = new URL(page.url).origin;
  const findings = await Promise.all(files.map((file) => checkFile(file, folder, origin, signal)));
  return findings.flat();
}

/**
 * @param {string} folder
 * @param {AbortSignal} signal
 * @returns {Promise<{ path: string, size?: number }[] | Finding>}
 */
async function listFiles(folder, signal) {
  const manifestUrl = folder + manifestName;
  const seen = await look(manifestUrl, { signal, limit: longestManifest });
  try {
    const manifest = seen.ok && !seen.html ? parseManifest(seen.text, manifestUrl) : undefined;
    if (manifest) return manifest.files;
    const transfer = {
      signal,
      stallMilliseconds: 20_000,
      retryRules: { ...defaultRetryRules, failures: 1 },
      progress: silentTransferProgress,
    };
    return [
      { path: 'config.json' },
      { path: 'tokenizer_config.json' },
      ...(await findGraphs(folder, undefined, transfer)),
    ];
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    return failure('model', folder, error.message, presenceFix);
  }
}

/**
 * @param {{ path: string, size?: number }} file
 * @param {string} folder
 * @param {string} pageOrigin
 * @param {AbortSignal} signal
 * @returns {Promise<Finding[]>}
 */
async function checkFile({ path, size }, folder, pageOrigin, signal) {
  const url = folder + path.split('/').map(encodeURIComponent).join('/');
  const foreign = new URL(url).origin !== pageOrigin;
  const seen = await look(url, {
    signal,
    headers: { ...(foreign && { Origin: pageOrigin }), 'Accept-Encoding': 'identity' },
  });
  // Not every model has each of the usual files.
  if (size === undefined && path === 'tokenizer_config.json' && !seen.ok) return [];
  const problem = checkPresence(seen, url, 'model', presenceFix);
  if (problem) return [problem];

  /** @type {Finding[]} */
  const findings = [];
  const length = seen.headers.get('content-length');
  if (size !== undefined && length !== null && !seen.headers.has('content-encoding') && Number(length) !== size) {
    const message = `${path} has ${length} bytes; ${manifestName} says ${size}.`;
    findings.push(failure('model', url, message, 'Upload the folder again: "npx insitu verify" proves it before.'));
  }
  if (foreign && !allowsOrigin(seen.headers, pageOrigin)) {
    const message = `${path} is of another origin, which does not let ${pageOrigin} read it.`;
    findings.push(failure('cors', url, message, 'Send "Access-Control-Allow-Origin: *" with the files of models.'));
  }
  if (!seen.headers.has('etag') && !seen.headers.has('last-modified')) {
    const message = `${path} has neither ETag nor Last-Modified, so a changed file is not noticed.`;
    findings.push(warning('validators', url, message, 'Send an ETag with the files of models.'));
  }
  if (/\.onnx(_data(_\d+)?)?$/.test(path) && !(await hasRanges(url, signal))) {
    const message = `${path} is sent whole only: a download that broke off starts anew.`;
    findings.push(warning('ranges', url, message, 'Let the server answer Range requests for the files of models.'));
  }
  return findings.length > 0 ? findings : [ok('model', url, `${path} is there.`)];
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function hasRanges(url, signal) {
  const seen = await look(url, { signal, headers: { Range: 'bytes=1-2', 'Accept-Encoding': 'identity' } });
  return seen.status === 206 && (seen.headers.get('content-range') ?? '').startsWith('bytes 1-2/');
}
