// @ts-check
import { ExplainedError } from '../explained-error.mjs';

/** A failure after which trying again makes sense, perhaps after a while. */
export class PassingError extends ExplainedError {
  /**
   * @param {string} message
   * @param {number} [waitMilliseconds] What the server asked for.
   */
  constructor(message, waitMilliseconds = 0) {
    super(message);
    this.waitMilliseconds = waitMilliseconds;
  }
}

/** An answer that is final. */
export class StatusError extends ExplainedError {
  /**
   * @param {string} url
   * @param {number} status
   * @param {string} code What the Hub says beside it, such as `GatedRepo`.
   */
  constructor(url, status, code) {
    super(`${url} answered ${status}${code && ` (${code})`}.`);
    this.status = status;
    this.code = code;
  }

  /** Whether the server says that there is no such thing. */
  get missing() {
    return this.status === 404 || this.status === 410;
  }

  /** Whether the server says that it is not for everybody. */
  get refused() {
    return this.status === 401 || this.status === 403;
  }
}

/** A page where a file should be: servers of web apps answer unknown paths so. */
export class HtmlError extends ExplainedError {
  /** @param {string} url */
  constructor(url) {
    super(
      `${url} is an HTML page, not a file of a model. Check the address, and that the server answers unknown paths with 404.`,
    );
  }
}

/**
 * @param {Response} response
 * @param {string} url
 * @returns {ExplainedError}
 */
export function statusError({ status, headers }, url) {
  if (status === 408 || status === 429 || status >= 500) {
    return new PassingError(`${url} answered ${status}.`, readRetryAfter(headers.get('retry-after')));
  }
  return new StatusError(url, status, headers.get('x-error-code') ?? '');
}

/**
 * @param {string | null} value Seconds or a date.
 * @returns {number} Milliseconds from now.
 */
function readRetryAfter(value) {
  if (value === null) return 0;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? 0 : Math.max(0, wait);
}

/** Codes of failures that come back however often one tries. */
const finalCodes = /^(ENOTFOUND|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_INVALID|ERR_SSL)/;

/**
 * What `fetch` or the reading of its body threw, in words.
 *
 * @param {unknown} thrown
 * @param {string} url
 * @returns {ExplainedError}
 */
export function networkError(thrown, url) {
  if (thrown instanceof ExplainedError) return thrown;
  const cause = /** @type {any} */ (thrown)?.cause ?? thrown;
  const code = String(cause?.code ?? '');
  const reason = [cause?.message, code && !String(cause?.message).includes(code) && `(${code})`]
    .filter(Boolean)
    .join(' ');
  const message = `The connection to ${new URL(url).origin} failed: ${reason || String(thrown)}.`;
  return finalCodes.test(code) ? new ExplainedError(`${message}\n${adviceFor(code)}`) : new PassingError(message);
}

/** @param {string} code */
function adviceFor(code) {
  if (code !== 'ENOTFOUND')
    return 'The certificate of the server was not accepted: check its address and NODE_EXTRA_CA_CERTS.';
  const advice = 'Check the address and that this machine is online.';
  const proxy = process.env['HTTPS_PROXY'] ?? process.env['https_proxy'];
  return proxy ? `${advice} Node uses the proxy ${proxy} only from version 22.21, with NODE_USE_ENV_PROXY=1.` : advice;
}
