// @ts-check
import { UsageError } from '../explained-error.mjs';
import { isInnerPath } from '../model/file-path.mjs';

/**
 * @typedef {{ kind: 'hub', id: string, revision: string | undefined }} HubReference
 * @typedef {{ kind: 'folder', url: string }} FolderReference The URL has a slash at the end.
 * @typedef {{ kind: 'npm', package: string, version: string, path: string }} NpmReference
 */

/**
 * What a page may write for a model, as far as it means the same outside of a page.
 *
 * @param {string} reference
 * @returns {HubReference | FolderReference | NpmReference}
 */
export function parseModelReference(reference) {
  const parsed = /^https?:\/\//.test(reference)
    ? parseFolder(reference)
    : reference.startsWith('npm:')
      ? parseNpm(reference)
      : parseHub(reference);
  if (parsed) return parsed;
  throw new UsageError(
    `${JSON.stringify(reference)} is not a model reference. Use a Hub id (org/name or org/name@revision), ` +
      'the URL of a folder (https://host/path/), or npm:package@version/path.',
  );
}

/**
 * @param {string} reference
 * @returns {FolderReference | undefined}
 */
function parseFolder(reference) {
  if (!URL.canParse(reference)) return undefined;
  const url = new URL(reference);
  if (url.search || url.hash || url.username || url.password) return undefined;
  return { kind: 'folder', url: url.href.endsWith('/') ? url.href : `${url.href}/` };
}

/**
 * @param {string} reference
 * @returns {NpmReference | undefined}
 */
function parseNpm(reference) {
  const pattern = /^npm:((?:@[a-z\d][\w.-]*\/)?[a-z\d][\w.-]*)(?:@([\w.+-]+))?(?:\/(.*))?$/;
  const [, name, version = 'latest', rest = ''] = pattern.exec(reference) ?? [];
  const path = rest.replace(/\/$/, '');
  if (!name || (path !== '' && !isInnerPath(path))) return undefined;
  return { kind: 'npm', package: name, version, path };
}

/**
 * @param {string} reference
 * @returns {HubReference | undefined}
 */
function parseHub(reference) {
  const [, id, revision] = /^([\w.-]+(?:\/[\w.-]+)?)(?:@([\w./-]+))?$/.exec(reference) ?? [];
  if (!id || !isInnerPath(id) || (revision !== undefined && !isInnerPath(revision))) return undefined;
  return { kind: 'hub', id, revision };
}
