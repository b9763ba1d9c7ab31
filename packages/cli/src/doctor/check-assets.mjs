// @ts-check
import { isEmbedderPolicy } from './check-page.mjs';
import { failure, ok, warning } from './finding.mjs';
import { look } from './look.mjs';

/**
 * @typedef {import('./finding.mjs').Finding} Finding
 * @typedef {import('./find-assets.mjs').Asset} Asset
 * @typedef {import('./look.mjs').Look} Look
 */

const javaScriptType = /^(text|application)\/(x-)?(java|ecma)script\b/i;

/**
 * Whether a file of insitu arrives as the browser needs it.
 *
 * @param {Asset} asset
 * @param {Look} page
 * @param {AbortSignal} signal
 * @returns {Promise<{ findings: Finding[], seen: Look }>}
 */
export async function checkAsset({ role, url }, page, signal) {
  const pageOrigin = new URL(page.url).origin;
  const foreign = new URL(url).origin !== pageOrigin;
  const seen = await look(url, { signal, headers: foreign ? { Origin: pageOrigin } : {} });
  const name = new URL(url).pathname.split('/').at(-1) ?? url;
  const problem = checkPresence(seen, url, 'asset', "Serve the files of insitu's dist/ side by side.");
  if (problem) return { findings: [problem], seen };

  /** @type {Finding[]} */
  const findings = [];
  const type = seen.headers.get('content-type') ?? 'no type';
  if (role === 'wasm' && !/^application\/wasm\b/i.test(type)) {
    const message = `${name} is served as ${type}, which browsers do not compile while it arrives.`;
    findings.push(failure('type', url, message, 'Serve .wasm as application/wasm.'));
  }
  if (role !== 'wasm' && !javaScriptType.test(type)) {
    const extension = name.slice(name.lastIndexOf('.'));
    const message = `${name} is served as ${type}, and browsers run no module of that type.`;
    findings.push(failure('type', url, message, `Serve ${extension} as text/javascript.`));
  }
  if (foreign && !allowsOrigin(seen.headers, pageOrigin)) {
    const message = `${name} is of another origin, which does not let ${pageOrigin} read it.`;
    findings.push(
      failure('cors', url, message, 'Send "Access-Control-Allow-Origin: *" with it, or serve it with the page.'),
    );
  }
  const startsWorker = role === 'worker' || role === 'weights' || role === 'loader';
  if (startsWorker && !foreign && isEmbedderPolicy(page.headers) && !isEmbedderPolicy(seen.headers)) {
    const message = `${name} lacks the Cross-Origin-Embedder-Policy that the page has, so the browser does not start it as a worker.`;
    const fix = 'Send "Cross-Origin-Embedder-Policy: require-corp" with scripts too.';
    findings.push(failure('worker-isolation', url, message, fix));
  }
  const encoding = seen.headers.get('content-encoding') ?? '';
  if (!/\b(br|gzip|zstd|deflate)\b/.test(encoding)) {
    const message = `${name} is not compressed.`;
    findings.push(
      warning('compression', url, message, 'Let the server compress .js, .mjs and .wasm with Brotli or gzip.'),
    );
  }
  return { findings: findings.length > 0 ? findings : [ok('asset', url, `${name}: ${type}, ${encoding}.`)], seen };
}

/**
 * @param {Look} seen
 * @param {string} url
 * @param {string} check
 * @param {string} fix Where the file is not there.
 * @returns {Finding | undefined}
 */
export function checkPresence(seen, url, check, fix) {
  if (!seen.ok) return failure(check, url, `${url} ${seen.problem}.`, fix);
  if (!seen.html) return undefined;
  return failure(
    check,
    url,
    `${url} is an HTML page: the server answers unknown paths with the application.`,
    `${fix.slice(0, -1)}, without the fallback to index.html.`,
  );
}

/**
 * @param {Headers} headers
 * @param {string} origin
 */
export function allowsOrigin(headers, origin) {
  const allowed = headers.get('access-control-allow-origin');
  return allowed === '*' || allowed === origin;
}
