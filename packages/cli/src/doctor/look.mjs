// @ts-check
import { messageOf } from '../explained-error.mjs';
import { isHtml } from '../transfer/request.mjs';

/**
 * What a server answers, whatever it is.
 *
 * @typedef {object} Look
 * @property {string} url After redirects.
 * @property {number} status 0 where no server answered.
 * @property {boolean} ok
 * @property {Headers} headers
 * @property {string} text As much of the body as was asked for.
 * @property {boolean} html
 * @property {string} problem Why there is nothing; empty where there is.
 */

const timeoutMilliseconds = 20_000;

/** How much of a file is read to tell whether it is a page. */
const sniffedBytes = 512;

/**
 * @param {string} url
 * @param {{ signal: AbortSignal, headers?: Record<string, string>, limit?: number }} options `limit` in bytes.
 * @returns {Promise<Look>}
 */
export async function look(url, { signal, headers = {}, limit = sniffedBytes }) {
  const stop = new AbortController();
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  try {
    const response = await fetch(url, {
      headers: { 'Accept-Encoding': 'br, gzip', ...headers },
      signal: AbortSignal.any([signal, timeout, stop.signal]),
    });
    const text = await readBeginning(response, limit);
    const html = isHtml(response.headers, text);
    const { status, ok, headers: answered } = response;
    const problem = ok ? '' : `answered ${status}`;
    return { url: response.url, status, ok, headers: answered, text, html, problem };
  } catch (error) {
    signal.throwIfAborted();
    const cause = /** @type {any} */ (error)?.cause;
    const reason = timeout.aborted ? `no answer within ${timeoutMilliseconds / 1000} s` : messageOf(cause ?? error);
    const problem = `could not be fetched (${reason})`;
    return { url, status: 0, ok: false, headers: new Headers(), text: '', html: false, problem };
  } finally {
    stop.abort();
  }
}

/**
 * @param {Response} response
 * @param {number} limit
 */
async function readBeginning({ body }, limit) {
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  let text = '';
  let size = 0;
  while (reader && size < limit) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    size += value.length;
  }
  return text;
}
