// @ts-check
import { ExplainedError } from '../explained-error.mjs';
import { isInnerPath } from '../model/file-path.mjs';
import { manifestName } from '../model/manifest.mjs';
import { parseByteCount, parseObject, parseText, sha256Rule } from '../model/json-checks.mjs';
import { StatusError } from '../transfer/transfer-error.mjs';
import { fetchText, parseJson } from './listing.mjs';
import { selectFiles } from './select-files.mjs';

/**
 * @typedef {import('./listing.mjs').Listing} Listing
 * @typedef {import('../transfer/download.mjs').RemoteFile} RemoteFile
 *
 * @typedef {object} HubOptions
 * @property {string} id
 * @property {string} revision Branch, tag or commit.
 * @property {string} host Without a slash at the end.
 * @property {string} tokenVariable Name of the environment variable with the token.
 * @property {import('./select-files.mjs').Dtype | undefined} dtype
 * @property {boolean} all
 */

const commitRule = { pattern: /^[\da-f]{40}$/, wanted: 'a commit' };
const objectIdRule = { pattern: /^[\da-f]{40}$/, wanted: 'the name of a git object' };

/**
 * Lists a model on the Hub as it is at one commit, whatever is pushed meanwhile.
 *
 * @param {HubOptions} options
 * @param {import('../transfer/download.mjs').Transfer} transfer
 * @returns {Promise<Listing>}
 */
export async function listHubModel(options, transfer) {
  const { id, revision, host, dtype, all } = options;
  const explain = (/** @type {unknown} */ error) => explainRefusal(error, options, transfer.credentials !== undefined);
  try {
    const api = `${host}/api/models/${id}`;
    const infoUrl = `${api}/revision/${encodeURIComponent(revision)}`;
    const info = parseObject(parseJson((await fetchText(infoUrl, transfer)).text, infoUrl), infoUrl);
    const commit = parseText(info['sha'], `${infoUrl}: sha`, commitRule);
    const tree = await fetchTree(`${api}/tree/${commit}?recursive=true`, `${host}/${id}/resolve/${commit}/`, transfer);
    const { files, missing } = all ? { files: tree, missing: [] } : selectFiles(tree, dtype);
    const notes = missing.map((name) => `${id} has no graph ${name} of this dtype; it has one of another.`);
    return { model: id, revision: commit, files, notes, explain };
  } catch (error) {
    throw explain(error);
  }
}

/**
 * @param {string} firstPage
 * @param {string} folder URL of the files.
 * @param {import('../transfer/download.mjs').Transfer} transfer
 * @returns {Promise<RemoteFile[]>}
 */
async function fetchTree(firstPage, folder, transfer) {
  const files = [];
  /** @type {string | undefined} */
  let page = firstPage;
  while (page !== undefined) {
    const { text, headers } = await fetchText(page, transfer);
    const entries = parseJson(text, page);
    if (!Array.isArray(entries)) throw new ExplainedError(`${page} is not a list of files. Is --host a Hub?`);
    for (const [index, entry] of entries.entries()) {
      const file = parseEntry(entry, `${page}: [${index}]`, folder);
      if (file) files.push(file);
    }
    const [, next] = /<([^>]+)>;\s*rel="next"/.exec(headers.get('link') ?? '') ?? [];
    page = next === undefined ? undefined : new URL(next, page).href;
  }
  // The name is that of what is written here about the files.
  return files.filter(({ path }) => path !== manifestName);
}

/**
 * @param {unknown} value
 * @param {string} where
 * @param {string} folder
 * @returns {RemoteFile | undefined} Undefined for a folder.
 */
function parseEntry(value, where, folder) {
  const { type, path, size, oid, lfs } = parseObject(value, where);
  if (type !== 'file') return undefined;
  if (typeof path !== 'string' || !isInnerPath(path)) {
    throw new ExplainedError(`${where}.path is not a path inside the model: ${JSON.stringify(path)}.`);
  }
  const url = folder + path.split('/').map(encodeURIComponent).join('/');
  const file = { path, url, size: parseByteCount(size, `${where}.size`, 0) };
  // Of a large file, git has only a pointer: its object name proves nothing.
  if (lfs === undefined || lfs === null) return { ...file, gitObjectId: parseText(oid, `${where}.oid`, objectIdRule) };
  const large = parseObject(lfs, `${where}.lfs`);
  return { ...file, sha256: parseText(large['oid'], `${where}.lfs.oid`, sha256Rule) };
}

/**
 * @param {unknown} error
 * @param {HubOptions} options
 * @param {boolean} hadToken
 * @returns {unknown}
 */
function explainRefusal(error, { id, revision, host, tokenVariable }, hadToken) {
  if (!(error instanceof StatusError)) return error;
  const { status, code, refused, missing } = error;
  if (missing && code === 'RevisionNotFound') return new ExplainedError(`${id} has no revision ${revision}.`);
  if (missing) return new ExplainedError(`${error.message}\nThere is no ${id} with a revision ${revision} on ${host}.`);
  if (!refused) return error;
  const reason =
    code === 'GatedRepo'
      ? `${id} is gated: accept its terms at ${host}/${id}, signed in.`
      : `${id} is private or gated, or there is none of that name: the Hub answers all three with ${status}.`;
  const advice = hadToken
    ? `The token in ${tokenVariable} was sent and does not open it.`
    : `Set ${tokenVariable} to an access token that may read it (${host}/settings/tokens).`;
  return new ExplainedError(`${reason}\n${advice}`);
}
