// @ts-check
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ExplainedError, messageOf } from '../explained-error.mjs';
import { isInnerPath } from './file-path.mjs';
import { parseByteCount, parseList, parseObject, parseText, rejectRepeated, sha256Rule } from './json-checks.mjs';

/**
 * @typedef {object} ManifestFile
 * @property {string} path Relative to the model, with slashes.
 * @property {number} size Bytes.
 * @property {string} sha256 Hexadecimal.
 *
 * @typedef {object} Manifest The files of one version of a model, and what proves them.
 * @property {'insitu-model-1'} format
 * @property {string} model The reference it was made from, without revision.
 * @property {string} [revision] Commit of a Hub model.
 * @property {ManifestFile[]} files
 */

/** Its name in the model's folder and in packs. */
export const manifestName = 'manifest.json';

const format = 'insitu-model-1';

/**
 * @param {{ model: string, revision?: string | undefined, files: ManifestFile[] }} content
 * @returns {Manifest} With its files sorted by path.
 */
export function createManifest({ model, revision, files }) {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    format,
    model,
    ...(revision !== undefined && { revision }),
    files: sorted.map(({ path: filePath, size, sha256 }) => ({ path: filePath, size, sha256 })),
  };
}

/**
 * @param {Manifest} manifest
 * @returns {string}
 */
export function formatManifest(manifest) {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * @param {string} content
 * @param {string} where Names it in messages.
 * @returns {Manifest | undefined} Undefined for JSON that is something else, such as the manifest of a web app.
 */
export function parseManifest(content, where) {
  let value;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new ExplainedError(`${where} is not JSON: ${messageOf(error)}`);
  }
  if (typeof value?.format !== 'string' || !value.format.startsWith('insitu-model-')) return undefined;
  if (value.format !== format) {
    throw new ExplainedError(`${where} has the format ${value.format}; this version of insitu reads ${format}.`);
  }
  const { model, revision, files } = parseObject(value, where);
  const parsed = createManifest({
    model: parseText(model, `${where}: model`, { pattern: /\S/, wanted: 'text' }),
    ...(revision !== undefined && { revision: parseText(revision, `${where}: revision`, commitRule) }),
    files: parseList(files, `${where}: files`, parseFile),
  });
  rejectRepeated(
    parsed.files.map((file) => file.path),
    `${where}: files`,
  );
  return parsed;
}

const commitRule = { pattern: /^[\da-f]{40}$/, wanted: 'a commit of 40 hexadecimal digits' };

/**
 * @param {unknown} value
 * @param {string} where
 * @returns {ManifestFile}
 */
function parseFile(value, where) {
  const { path: filePath, size, sha256 } = parseObject(value, where);
  if (typeof filePath !== 'string' || !isInnerPath(filePath)) {
    throw new ExplainedError(
      `${where}.path must be a path inside the model's folder, not ${JSON.stringify(filePath)}.`,
    );
  }
  return {
    path: filePath,
    size: parseByteCount(size, `${where}.size`, 0),
    sha256: parseText(sha256, `${where}.sha256`, sha256Rule),
  };
}

/**
 * @param {string} directory
 * @returns {Promise<Manifest | undefined>} Undefined where there is none.
 */
export async function readManifest(directory) {
  const file = path.join(directory, manifestName);
  const content = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return content === undefined ? undefined : parseManifest(content, file);
}

/**
 * Writes the manifest whole or not at all.
 *
 * @param {string} directory
 * @param {Manifest} manifest
 * @returns {Promise<void>}
 */
export async function writeManifest(directory, manifest) {
  const file = path.join(directory, manifestName);
  await writeFile(`${file}.part`, formatManifest(manifest));
  await rename(`${file}.part`, file);
}
