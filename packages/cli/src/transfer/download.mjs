// @ts-check
import { mkdir, open, utimes } from 'node:fs/promises';
import path from 'node:path';
import { ExplainedError } from '../explained-error.mjs';
import { gitObjectIdOf } from '../model/file-hash.mjs';
import { describeFile } from '../model/file-differences.mjs';
import { PartFile, strongEtag } from './part-file.mjs';
import { isHtml, request } from './request.mjs';
import { retry } from './retry.mjs';
import { HtmlError, PassingError } from './transfer-error.mjs';

/**
 * @typedef {object} RemoteFile
 * @property {string} path Inside the model, with slashes.
 * @property {string} url
 * @property {number} [size]
 * @property {string} [sha256]
 * @property {string} [gitObjectId] The name that git gives its content.
 * @property {string} [lastModified]
 *
 * @typedef {object} Transfer How files are fetched.
 * @property {AbortSignal} signal
 * @property {import('./request.mjs').RequestOptions['credentials']} [credentials]
 * @property {number} stallMilliseconds
 * @property {import('./retry.mjs').RetryRules} retryRules
 * @property {import('../terminal/transfer-progress.mjs').TransferProgress} progress
 *
 * @typedef {import('../model/manifest.mjs').ManifestFile} ManifestFile
 * @typedef {{ size: number, sha256: string }} FileDescription
 * @typedef {import('./part-file.mjs').PartState} PartState
 * @typedef {import('./request.mjs').Answer} Answer
 */

/**
 * Fetches a file to where it belongs. Until it is whole and right it is a part file beside, from which the next call goes on.
 *
 * @param {RemoteFile} remote
 * @param {string} target
 * @param {Transfer} transfer
 * @returns {Promise<ManifestFile>}
 */
export async function downloadFile(remote, target, transfer) {
  await mkdir(path.dirname(target), { recursive: true });
  const part = new PartFile(target);
  let { continued } = await fetchBytes(remote, part, transfer);
  for (;;) {
    const arrived = /** @type {FileDescription} */ (await describeFile(part.path));
    const complaint = await findComplaint(remote, part, arrived);
    if (!complaint) return keep(remote, part, arrived);
    await part.discard();
    if (!continued) throw complaint;
    // The beginning may be of another file than the rest, whatever the server said.
    await fetchBytes(remote, part, transfer);
    continued = false;
  }
}

/**
 * @param {RemoteFile} remote
 * @param {PartFile} part
 * @param {FileDescription} arrived
 * @returns {Promise<ManifestFile>}
 */
async function keep(remote, part, arrived) {
  const { lastModified } = await part.read(remote);
  await part.complete();
  await keepTime(part.target, lastModified);
  return { path: remote.path, ...arrived };
}

/**
 * The time that the server gives the file says later whether it has changed there.
 *
 * @param {string} file
 * @param {string | undefined} lastModified
 */
async function keepTime(file, lastModified) {
  const time = new Date(lastModified ?? NaN);
  if (!Number.isNaN(time.getTime())) await utimes(file, time, time);
}

/**
 * @param {RemoteFile} remote
 * @param {PartFile} part
 * @param {Transfer} transfer
 * @returns {Promise<{ continued: boolean }>} Whether its bytes come from more than one answer.
 */
async function fetchBytes(remote, part, transfer) {
  const { signal, retryRules, progress } = transfer;
  let furthest = 0;
  let continued = false;
  const work = async (/** @type {() => void} */ progressed) => {
    const known = await part.read(remote);
    if (known.offset > 0 && known.offset === (remote.size ?? known.size)) {
      continued = true;
      return progress.start(remote.path, known.offset, known.offset);
    }
    await request(remote.url, { ...transfer, headers: rangeHeaders(known) }, async (answer) => {
      const start = await acceptStart(answer, known, remote, part);
      continued ||= start > 0;
      await writeBody(answer, start, remote, part, {
        start: (size) => progress.start(remote.path, start, size),
        advance(offset, count) {
          progress.advance(remote.path, count);
          if (offset <= furthest) return;
          furthest = offset;
          progressed();
        },
      });
    });
  };
  await retry(work, { rules: retryRules, signal, onRetry: progress.note });
  return { continued };
}

/**
 * @param {PartState & { offset: number }} known
 * @returns {Record<string, string>}
 */
function rangeHeaders({ offset, etag, lastModified }) {
  if (offset === 0) return {};
  const validator = strongEtag(etag) ?? lastModified;
  return { Range: `bytes=${offset}-`, ...(validator && { 'If-Range': validator }) };
}

/**
 * @param {Answer} answer
 * @param {PartState & { offset: number }} known
 * @param {RemoteFile} remote
 * @param {PartFile} part
 * @returns {Promise<number>} Position of the body's first byte in the file.
 */
async function acceptStart({ status, headers }, known, remote, part) {
  if (isHtml(headers, '') && !isPage(remote)) throw new HtmlError(remote.url);
  if (status === 200) return 0;
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
  const goesOn = status === 206 && Number(start) === known.offset;
  if (goesOn && (known.size === undefined || total === '*' || Number(total) === known.size)) return known.offset;
  await part.discard();
  throw new PassingError(`${remote.url} has changed since its first bytes arrived.`);
}

/**
 * @param {Answer} answer
 * @param {number} start
 * @param {RemoteFile} remote
 * @param {PartFile} part
 * @param {{ start: (size: number | undefined) => void, advance: (offset: number, count: number) => void }} report
 * @returns {Promise<void>}
 */
async function writeBody(answer, start, remote, part, report) {
  const said = sizeOf(answer.headers, start);
  const expected = remote.size ?? said;
  if (said !== undefined && said !== expected) throw otherSize(remote, said);
  report.start(expected);
  const handle = await (start > 0 ? part.continue() : part.begin(stateOf(remote, answer, expected)));
  let offset = start;
  try {
    for await (const chunk of answer.chunks) {
      await handle.appendFile(chunk);
      offset += chunk.length;
      report.advance(offset, chunk.length);
      if (offset > (expected ?? Infinity)) break;
    }
  } finally {
    await handle.close();
  }
  if (expected === undefined || offset === expected) return;
  if (offset < expected) throw new PassingError(`${remote.url} ended after ${offset} of ${expected} bytes.`);
  await part.discard();
  throw otherSize(remote, offset);
}

/**
 * @param {Headers} headers
 * @param {number} start
 */
function sizeOf(headers, start) {
  const length = headers.get('content-length');
  // The length of a compressed body is not that of the file.
  return length === null || headers.has('content-encoding') ? undefined : start + Number(length);
}

/**
 * @param {RemoteFile} remote
 * @param {Answer} answer
 * @param {number | undefined} size
 * @returns {PartState}
 */
function stateOf({ sha256, gitObjectId }, { headers, linkedEtag }, size) {
  // A range of a compressed body is no range of the file, so nothing can be told about the rest of it.
  if (headers.has('content-encoding')) return {};
  const [, linkedHash] = /^(?:W\/)?"?([\da-f]{64})"?$/.exec(linkedEtag) ?? [];
  const hash = sha256 ?? linkedHash;
  const etag = headers.get('etag');
  const lastModified = headers.get('last-modified');
  return {
    ...(etag && { etag }),
    ...(lastModified && { lastModified }),
    ...(size !== undefined && { size }),
    ...(hash && { sha256: hash }),
    ...(gitObjectId && { gitObjectId }),
  };
}

/**
 * @param {RemoteFile} remote
 * @param {number} actual
 */
function otherSize(remote, actual) {
  return new ExplainedError(
    `${remote.url} has ${actual} bytes or more, not the ${remote.size} that its list says. Nothing of it was kept: look at the server.`,
  );
}

/**
 * @param {RemoteFile} remote
 * @param {PartFile} part
 * @param {FileDescription} arrived
 * @returns {Promise<ExplainedError | undefined>} What is wrong with the file that arrived.
 */
async function findComplaint(remote, part, arrived) {
  if (isHtml(new Headers(), await readHead(part.path)) && !isPage(remote)) return new HtmlError(remote.url);
  const sha256 = remote.sha256 ?? (await part.read(remote)).sha256;
  if (sha256 !== undefined) {
    return arrived.sha256 === sha256 ? undefined : otherContent(remote, 'sha256', sha256, arrived.sha256);
  }
  if (remote.gitObjectId === undefined) return undefined;
  const actual = await gitObjectIdOf(part.path);
  return actual === remote.gitObjectId ? undefined : otherContent(remote, 'git object', remote.gitObjectId, actual);
}

/**
 * @param {RemoteFile} remote
 * @param {string} kind
 * @param {string} expected
 * @param {string} actual
 */
function otherContent({ url }, kind, expected, actual) {
  return new ExplainedError(
    [
      `${url} arrived with another content than it should have. Nothing of it was kept.`,
      `    expected  ${kind} ${expected}`,
      `    actual    ${kind} ${actual}`,
      'Run this again; if the hash stays another, something between the server and here changes the file.',
    ].join('\n'),
  );
}

/** @param {RemoteFile} remote */
function isPage(remote) {
  return /\.html?$/.test(remote.path);
}

/** @param {string} file */
async function readHead(file) {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
