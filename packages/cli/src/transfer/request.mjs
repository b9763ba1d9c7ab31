// @ts-check
import { ExplainedError } from '../explained-error.mjs';
import { PassingError, networkError, statusError } from './transfer-error.mjs';

/**
 * @typedef {object} RequestOptions
 * @property {Record<string, string>} [headers]
 * @property {{ token: string, origin: string } | undefined} [credentials] Sent to that origin and nowhere else.
 * @property {AbortSignal} signal
 * @property {number} stallMilliseconds After so long without a byte the connection counts as broken.
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {Headers} headers
 * @property {string} linkedEtag What the Hub says of a large file before it redirects to its storage; empty without it.
 * @property {AsyncIterable<Uint8Array>} chunks
 */

const mostRedirects = 10;

/**
 * Asks for a URL and reads the answer; afterwards the connection is free or closed, however the reading ended.
 *
 * @template Result
 * @param {string} url
 * @param {RequestOptions} options
 * @param {(answer: Answer) => Promise<Result>} read Also gets the status 416.
 * @returns {Promise<Result>}
 * @throws PassingError, StatusError, ExplainedError; the signal's reason when aborted.
 */
export async function request(url, { headers = {}, credentials, signal, stallMilliseconds }, read) {
  const stop = new AbortController();
  const stalled = () => stop.abort(new PassingError(`${url} sent nothing for ${stallMilliseconds / 1000} s.`));
  let timer = setTimeout(stalled, stallMilliseconds);
  const keepWaiting = () => {
    clearTimeout(timer);
    timer = setTimeout(stalled, stallMilliseconds);
  };
  const either = AbortSignal.any([signal, stop.signal]);
  const fail = (/** @type {unknown} */ thrown) => {
    signal.throwIfAborted();
    throw networkError(either.aborted ? either.reason : thrown, url);
  };

  /** @param {ReadableStream<Uint8Array> | null} body */
  async function* readChunks(body) {
    const reader = body?.getReader();
    for (;;) {
      const part = await reader?.read().catch(fail);
      keepWaiting();
      if (!part || part.done) return;
      yield part.value;
    }
  }

  try {
    const { response, linkedEtag } = await follow(url, headers, credentials, either).catch(fail);
    keepWaiting();
    if (!response.ok && response.status !== 416) throw statusError(response, url);
    const { status, headers: answered, body } = response;
    return await read({ status, headers: answered, linkedEtag, chunks: readChunks(body) });
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/**
 * Redirects are followed here because `fetch` shows only the last answer.
 *
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {RequestOptions['credentials']} credentials
 * @param {AbortSignal} signal
 */
async function follow(url, headers, credentials, signal) {
  let current = url;
  let linkedEtag = '';
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const allowed = credentials && new URL(current).origin === credentials.origin;
    const response = await fetch(current, {
      redirect: 'manual',
      signal,
      headers: {
        // A compressed body has neither the size nor the ranges of the file.
        'Accept-Encoding': 'identity',
        ...headers,
        ...(allowed && { Authorization: `Bearer ${credentials.token}` }),
      },
    });
    linkedEtag ||= response.headers.get('x-linked-etag') ?? '';
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || !location) return { response, linkedEtag };
    await response.body?.cancel();
    current = new URL(location, current).href;
    if (!/^https?:/.test(current)) throw new ExplainedError(`${url} redirects to ${current}, which is not on the web.`);
  }
  throw new ExplainedError(`${url} redirects more than ${mostRedirects} times.`);
}

/**
 * @param {Answer} answer
 * @param {number} [limit] More bytes than this are not read.
 * @returns {Promise<string>}
 */
export async function readText({ chunks }, limit = Infinity) {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true });
    size += chunk.length;
    if (size >= limit) break;
  }
  return text;
}

/**
 * @param {Headers} headers
 * @param {string} head The beginning of the body.
 * @returns {boolean}
 */
export function isHtml(headers, head) {
  if (headers.get('content-type')?.includes('text/html')) return true;
  return /^\s*(<!doctype\s+html|<html[\s>])/i.test(head);
}
