// @ts-check
import { allowsUrl, allowsWebAssembly, parsePolicies } from './content-security-policy.mjs';
import { failure, ok, warning } from './finding.mjs';

/**
 * @typedef {import('./content-security-policy.mjs').Directive} Directive
 * @typedef {import('./finding.mjs').Finding} Finding
 * @typedef {import('./find-assets.mjs').Asset} Asset
 * @typedef {import('./look.mjs').Look} Look
 */

const isolationFix =
  'Send "Cross-Origin-Opener-Policy: same-origin" and "Cross-Origin-Embedder-Policy: require-corp" with the page.';

/**
 * Whether the page may use threads.
 *
 * @param {Look} page
 * @returns {Finding}
 */
export function checkIsolation({ url, headers }) {
  const opener = headers.get('cross-origin-opener-policy')?.split(';')[0]?.trim();
  const missing = [
    ...(opener === 'same-origin' ? [] : ['Cross-Origin-Opener-Policy']),
    ...(isEmbedderPolicy(headers) ? [] : ['Cross-Origin-Embedder-Policy']),
  ];
  if (missing.length > 0) {
    const message = `The page is not cross-origin isolated (${missing.join(' and ')}), so models run on one thread.`;
    return warning('isolation', url, message, isolationFix);
  }
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) {
    return ok('isolation', url, 'The page is cross-origin isolated: models may use threads.');
  }
  const message = 'The page is not a secure context, so models run on one thread.';
  return warning('isolation', url, message, 'Serve it over https.');
}

/** @param {Headers} headers */
export function isEmbedderPolicy(headers) {
  const policy = headers.get('cross-origin-embedder-policy')?.split(';')[0]?.trim();
  return policy === 'require-corp' || policy === 'credentialless';
}

/**
 * Whether a Content-Security-Policy lets insitu work.
 *
 * @param {object} options
 * @param {string} options.url Of what the policies came with: the page or its worker.
 * @param {string} options.subject Names it, for example `The page`.
 * @param {string[]} options.policies
 * @param {Asset[]} options.assets
 * @param {string[]} options.modelFiles URLs.
 * @returns {Finding[]}
 */
export function checkPolicies({ url, subject, policies, assets, modelFiles }) {
  const self = new URL(url).origin;
  const parsed = policies.flatMap(parsePolicies);
  /** @type {Finding[]} */
  const findings = [];
  const complain = (/** @type {string} */ message, /** @type {string} */ fix) =>
    void findings.push(failure('policy', url, `${subject}'s Content-Security-Policy ${message}.`, fix));

  if (!parsed.every(allowsWebAssembly)) {
    complain(
      "does not allow WebAssembly: script-src lacks 'wasm-unsafe-eval'",
      "Add 'wasm-unsafe-eval' to script-src.",
    );
  }
  const blocked = new Set();
  const demand = (/** @type {Directive} */ directive, /** @type {string} */ target, /** @type {string} */ what) => {
    const source = target.startsWith('blob:') ? 'blob:' : sourceOf(target, self);
    if (blocked.has(directive + source) || parsed.every((policy) => allowsUrl(policy, directive, target, self))) return;
    blocked.add(directive + source);
    complain(`does not allow ${what} in ${directive}`, `Add ${source} to ${directive}.`);
  };
  for (const { role, url: target } of assets) {
    const foreign = new URL(target).origin !== self;
    // A page starts only workers of its own origin; one from elsewhere is imported by a worker from a blob.
    if (role === 'worker' || role === 'weights')
      demand('worker-src', foreign ? `blob:${self}/` : target, foreign ? 'workers from blobs' : target);
    if (role === 'wasm' || (role === 'loader' && foreign)) demand('connect-src', target, target);
    if (role === 'runtime' || ((role === 'worker' || role === 'weights') && foreign))
      demand('script-src', target, target);
  }
  for (const target of modelFiles) demand('connect-src', target, target);
  if (findings.length > 0) return findings;
  const message =
    parsed.length === 0 ? 'has no Content-Security-Policy' : 'has a Content-Security-Policy that lets insitu work';
  return [ok('policy', url, `${subject} ${message}.`)];
}

/**
 * @param {string} url
 * @param {string} self
 */
function sourceOf(url, self) {
  const { origin } = new URL(url);
  return origin === self ? "'self'" : origin;
}
