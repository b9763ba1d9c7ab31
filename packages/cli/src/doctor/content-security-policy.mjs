// @ts-check

/**
 * Source expressions by directive.
 *
 * @typedef {Map<string, string[]>} Policy
 */

/** Which directive speaks where one is missing. */
const fallbacks = /** @type {const} */ ({
  'script-src': ['default-src'],
  'connect-src': ['default-src'],
  'worker-src': ['child-src', 'script-src', 'default-src'],
});

/** @typedef {keyof typeof fallbacks} Directive */

/**
 * @param {string} text One header or meta element, in which commas separate policies.
 * @returns {Policy[]}
 */
export function parsePolicies(text) {
  return text.split(',').map(parsePolicy);
}

/**
 * @param {string} text
 * @returns {Policy}
 */
function parsePolicy(text) {
  /** @type {Policy} */
  const policy = new Map();
  for (const part of text.split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/);
    // A directive that comes again does not count.
    if (name && !policy.has(name.toLowerCase())) policy.set(name.toLowerCase(), sources);
  }
  return policy;
}

/**
 * @param {Policy} policy
 * @param {Directive} directive
 * @returns {{ name: string, sources: string[] } | undefined} The directive that speaks; undefined where none does, which allows
 *   everything.
 */
function effectiveDirective(policy, directive) {
  for (const name of [directive, ...fallbacks[directive]]) {
    const sources = policy.get(name);
    if (sources) return { name, sources };
  }
  return undefined;
}

/**
 * @param {Policy} policy
 * @param {Directive} directive
 * @param {string} url
 * @param {string} self Origin of what the policy is for.
 * @returns {boolean}
 */
export function allowsUrl(policy, directive, url, self) {
  const effective = effectiveDirective(policy, directive);
  if (!effective) return true;
  // Then scripts allow each other, whatever their addresses.
  if (directive !== 'connect-src' && effective.sources.includes("'strict-dynamic'")) return true;
  return effective.sources.some((source) => matches(source, new URL(url), new URL(self)));
}

/**
 * @param {Policy} policy
 * @returns {boolean}
 */
export function allowsWebAssembly(policy) {
  const effective = effectiveDirective(policy, 'script-src');
  if (!effective) return true;
  return effective.sources.some((source) => /^'(wasm-)?unsafe-eval'$/i.test(source));
}

/**
 * Whether a source expression matches, as Content Security Policy 3 says in 6.7.2.
 *
 * @param {string} source
 * @param {URL} url
 * @param {URL} self
 * @returns {boolean}
 */
function matches(source, url, self) {
  const isNetwork = /^(https?|wss?):$/.test(url.protocol);
  if (source === '*') return isNetwork || url.protocol === self.protocol;
  if (/^'self'$/i.test(source)) {
    // Browsers want blobs to be allowed by name, though their origin is the page's.
    if (!isNetwork) return false;
    return url.origin === self.origin || (url.host === self.host && isUpgrade(self.protocol, url.protocol));
  }
  const scheme = /^([a-z][a-z\d+.-]*:)$/i.exec(source)?.[1]?.toLowerCase();
  if (scheme) return url.protocol === scheme || isUpgrade(scheme, url.protocol);
  return isNetwork && matchesHost(source, url, self);
}

/**
 * @param {string} source
 * @param {URL} url
 * @param {URL} self
 */
function matchesHost(source, url, self) {
  const expression = /^(?:([a-z][a-z\d+.-]*):\/\/)?(\*|(?:\*\.)?[\w.-]+)(?::(\d+|\*))?(\/.*)?$/i.exec(source);
  if (!expression) return false;
  const [, scheme, host = '', port, path = ''] = expression;
  const protocol = scheme ? `${scheme.toLowerCase()}:` : self.protocol;
  if (url.protocol !== protocol && !isUpgrade(protocol, url.protocol)) return false;
  const name = host.toLowerCase();
  const hostMatches =
    name === '*' || (name.startsWith('*.') ? url.hostname.endsWith(name.slice(1)) : url.hostname === name);
  return hostMatches && matchesPort(port, url) && matchesPath(path, url);
}

/**
 * @param {string | undefined} port
 * @param {URL} url Without a port where it is that of its scheme.
 */
function matchesPort(port, url) {
  if (port === '*') return true;
  if (port === undefined) return url.port === '';
  const usual = url.protocol === 'https:' || url.protocol === 'wss:' ? '443' : '80';
  return (url.port || usual) === port;
}

/**
 * @param {string} path
 * @param {URL} url
 */
function matchesPath(path, url) {
  if (path === '' || path === '/') return true;
  return path.endsWith('/') ? url.pathname.startsWith(path) : url.pathname === path;
}

/**
 * @param {string} from
 * @param {string} to
 */
function isUpgrade(from, to) {
  return (from === 'http:' && to === 'https:') || (from === 'ws:' && to === 'wss:');
}
