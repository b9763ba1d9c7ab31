// @ts-check
import { ExplainedError } from '../explained-error.mjs';
import { parseManifest } from '../model/manifest.mjs';
import { isHtml, readText, request } from '../transfer/request.mjs';
import { retry } from '../transfer/retry.mjs';
import { HtmlError, StatusError } from '../transfer/transfer-error.mjs';

/**
 * A model as its source has it.
 *
 * @typedef {object} Listing
 * @property {string} model The reference by which the manifest names it.
 * @property {string} [revision] Commit.
 * @property {RemoteFile[]} files
 * @property {string[]} notes What whoever asked for it should know.
 * @property {(error: unknown) => unknown} explain Makes more of a failure, where the source knows more.
 *
 * @typedef {import('../transfer/download.mjs').RemoteFile} RemoteFile
 * @typedef {import('../transfer/download.mjs').Transfer} Transfer
 */

/**
 * @param {string} url
 * @param {Transfer} transfer
 * @returns {Promise<{ text: string, headers: Headers }>}
 */
export function fetchText(url, transfer) {
  const { signal, retryRules, progress } = transfer;
  const read = () =>
    request(url, transfer, async (answer) => {
      const text = await readText(answer);
      if (isHtml(answer.headers, text)) throw new HtmlError(url);
      return { text, headers: answer.headers };
    });
  return retry(read, { rules: retryRules, signal, onRetry: progress.note });
}

/**
 * Looks whether there is a file, without its bytes.
 *
 * @param {string} url
 * @param {Transfer} transfer
 * @returns {Promise<{ size?: number, lastModified?: string } | undefined>} Undefined where there is none: the server says so,
 *   does not show it to everybody, or answers with a page.
 */
export async function lookFor(url, transfer) {
  const { signal, retryRules, progress } = transfer;
  // Not HEAD, which some servers refuse, and with which a page could not be told from a file.
  const headers = { Range: 'bytes=0-255' };
  const look = () =>
    request(url, { ...transfer, headers }, async (answer) => {
      if (answer.status === 416) return { size: 0 };
      if (isHtml(answer.headers, await readText(answer, 256))) return undefined;
      const [, total] = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? [];
      const whole = answer.status === 200 && !answer.headers.has('content-encoding');
      const size = total ?? (whole ? answer.headers.get('content-length') : null);
      const lastModified = answer.headers.get('last-modified');
      return { ...(size != null && { size: Number(size) }), ...(lastModified && { lastModified }) };
    });
  try {
    return await retry(look, { rules: retryRules, signal, onRetry: progress.note });
  } catch (error) {
    if (error instanceof StatusError && (error.missing || error.refused)) return undefined;
    throw error;
  }
}

/**
 * @param {string} url
 * @param {Transfer} transfer
 * @returns {Promise<import('../model/manifest.mjs').Manifest | undefined>} Undefined where there is none.
 */
export async function fetchManifest(url, transfer) {
  try {
    const { text } = await fetchText(url, transfer);
    return parseManifest(text, url);
  } catch (error) {
    const none = error instanceof HtmlError || (error instanceof StatusError && (error.missing || error.refused));
    if (none) return undefined;
    throw error;
  }
}

/**
 * @param {string} text
 * @param {string} url
 * @returns {unknown}
 */
export function parseJson(text, url) {
  try {
    return JSON.parse(text);
  } catch {
    throw new ExplainedError(`${url} answered with something that is not JSON: ${JSON.stringify(text.slice(0, 60))}.`);
  }
}
