// @ts-check

/**
 * What of a page matters for insitu.
 *
 * @typedef {object} HtmlPage
 * @property {string} url
 * @property {string} baseUrl Which its addresses are relative to.
 * @property {string[]} scripts URLs of its scripts and of the modules that it preloads.
 * @property {string[]} inlineScripts
 * @property {Record<string, string>} imports URLs by specifier, from its import map.
 * @property {string[]} policies Content-Security-Policy of its meta elements.
 */

const attributes = String.raw`((?:\s+[^\s=>/"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*/?>`;
const elements = new RegExp(
  `<!--[\\s\\S]*?-->|<script${attributes}([\\s\\S]*?)</script|<(meta|link|base)${attributes}`,
  'gi',
);

/**
 * Reads the few elements that matter. Not a parser of HTML: pages that hide them in templates are read wrong.
 *
 * @param {string} html
 * @param {string} url
 * @returns {HtmlPage}
 */
export function parsePage(html, url) {
  /** @type {HtmlPage} */
  const page = { url, baseUrl: url, scripts: [], inlineScripts: [], imports: {}, policies: [] };
  for (const [, scriptAttributes, script = '', name, otherAttributes = ''] of html.matchAll(elements)) {
    if (scriptAttributes !== undefined) addScript(page, parseAttributes(scriptAttributes), script);
    else if (name) addElement(page, name.toLowerCase(), parseAttributes(otherAttributes));
  }
  return page;
}

/**
 * @param {HtmlPage} page
 * @param {Record<string, string>} given
 * @param {string} script
 */
function addScript(page, given, script) {
  const type = (given['type'] ?? '').toLowerCase();
  if (type === 'importmap') Object.assign(page.imports, parseImportMap(script, page.baseUrl));
  else if (given['src'] !== undefined) page.scripts.push(...resolve(given['src'], page.baseUrl));
  else if (type === '' || type === 'module' || type.endsWith('javascript')) page.inlineScripts.push(script);
}

/**
 * @param {HtmlPage} page
 * @param {string} name
 * @param {Record<string, string>} given
 */
function addElement(page, name, given) {
  const { href, rel = '', content } = given;
  if (name === 'base' && href !== undefined) page.baseUrl = resolve(href, page.url)[0] ?? page.baseUrl;
  if (name === 'link' && href !== undefined && rel.toLowerCase() === 'modulepreload') {
    page.scripts.push(...resolve(href, page.baseUrl));
  }
  const isPolicy = given['http-equiv']?.toLowerCase() === 'content-security-policy';
  if (name === 'meta' && isPolicy && content !== undefined) page.policies.push(content);
}

/** @param {string} text */
function parseAttributes(text) {
  /** @type {Record<string, string>} */
  const given = {};
  for (const [, name = '', double, single, bare] of text.matchAll(
    /([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g,
  )) {
    given[name.toLowerCase()] ??= decodeEntities(double ?? single ?? bare ?? '');
  }
  return given;
}

/** @type {Record<string, string>} */
const namedEntities = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>' };

/** @param {string} text */
function decodeEntities(text) {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (entity, hexadecimal, decimal, name) => {
    if (name !== undefined) return namedEntities[name.toLowerCase()] ?? entity;
    return String.fromCodePoint(hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16));
  });
}

/**
 * @param {string} text
 * @param {string} baseUrl
 */
function parseImportMap(text, baseUrl) {
  try {
    /** @type {Record<string, string>} */
    const imports = JSON.parse(text).imports ?? {};
    return Object.fromEntries(
      Object.entries(imports).flatMap(([key, value]) => resolve(value, baseUrl).map((url) => [key, url])),
    );
  } catch {
    return {};
  }
}

/**
 * @param {string} reference
 * @param {string} baseUrl
 * @returns {string[]} Empty for what is no address on the web.
 */
export function resolve(reference, baseUrl) {
  if (!URL.canParse(reference, baseUrl)) return [];
  const { href, protocol } = new URL(reference, baseUrl);
  return protocol === 'http:' || protocol === 'https:' ? [href] : [];
}
