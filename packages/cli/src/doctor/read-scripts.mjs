// @ts-check
import { resolve } from './html-page.mjs';
import { look } from './look.mjs';

/**
 * @typedef {object} Script
 * @property {string} url Of the page, for an inline one.
 * @property {string} text Empty where it cannot be read.
 * @property {boolean} named Whether its address or its specifier says that it is insitu.
 * @property {boolean} inline
 *
 * @typedef {import('./html-page.mjs').HtmlPage} HtmlPage
 */

const mostScripts = 40;
const longestScript = 4e6;

const importedSpecifiers = /(?:\bfrom|\bimport)\s*\(?\s*["'`]([^"'`\s]+)["'`]/g;

/**
 * Reads the scripts of a page and what they import. Of other origins, only what says that it is insitu.
 *
 * @param {HtmlPage} page
 * @param {AbortSignal} signal
 * @returns {Promise<Script[]>}
 */
export async function readScripts(page, signal) {
  /** @type {Script[]} */
  const scripts = page.inlineScripts.map((text) => ({ url: page.baseUrl, text, named: false, inline: true }));
  /** @type {Map<string, boolean>} */
  const waiting = new Map(page.scripts.map((url) => [url, isNamed(url)]));
  const addImports = (/** @type {Script} */ script) => {
    for (const [, specifier = ''] of script.text.matchAll(importedSpecifiers)) {
      const mapped = page.imports[specifier];
      const [url] = mapped ? [mapped] : /^(\.{0,2}\/|https?:)/.test(specifier) ? resolve(specifier, script.url) : [];
      if (url) waiting.set(url, waiting.get(url) || isNamed(url) || specifier === 'insitu');
    }
  };
  scripts.forEach(addImports);
  // A map goes on over what is added meanwhile.
  for (const [url, named] of waiting) {
    if (scripts.length >= mostScripts) break;
    if (!named && new URL(url).origin !== new URL(page.url).origin) continue;
    const seen = await look(url, { signal, limit: longestScript });
    const script = { url, text: seen.ok && !seen.html ? seen.text : '', named, inline: false };
    scripts.push(script);
    addImports(script);
  }
  return scripts;
}

/** @param {string} url */
function isNamed(url) {
  return /\binsitu\b/.test(new URL(url).pathname);
}
