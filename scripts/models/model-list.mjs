// @ts-check
import { readFile } from 'node:fs/promises';
import { ExplainedError, messageOf } from '../../packages/cli/src/explained-error.mjs';
import {
  parseByteCount,
  parseList,
  parseObject,
  parseText,
  rejectRepeated,
  sha256Rule,
} from '../../packages/cli/src/model/json-checks.mjs';

/**
 * @typedef {import('../../packages/cli/src/model/manifest.mjs').ManifestFile} ModelFile
 * @typedef {import('../../packages/cli/src/package/tarball.mjs').PackageSource} PackageSource
 *
 * @typedef {object} ModelEntry
 * @property {string} id Organisation and name, as on the Hub.
 * @property {string} task
 * @property {string} licence SPDX expression.
 * @property {PackageSource} [source] Without it the model is built from nothing.
 * @property {string} [build] What makes the files from the package. Without it they are copied from there.
 * @property {ModelFile[]} files
 */

const text = { pattern: /\S/, wanted: 'text' };
const exactVersion = { pattern: /^\d+\.\d+\.\d+(-[\w.-]+)?$/, wanted: 'an exact version' };
const packageName = { pattern: /^(@[a-z\d][\w.-]*\/)?[a-z\d][\w.-]*$/, wanted: 'the name of an npm package' };
const integrity = { pattern: /^sha512-[A-Za-z\d+/]{86}==$/, wanted: '"sha512-" and 88 characters of Base64' };
const modelId = { pattern: /^[A-Za-z\d][\w.-]*\/[A-Za-z\d][\w.-]*$/, wanted: '"organisation/name"' };
const relativePath = {
  pattern: /^[A-Za-z\d_][\w.-]*(\/[A-Za-z\d_][\w.-]*)*$/,
  wanted: 'a relative path with slashes and without dots in front',
};

/**
 * @param {string} file
 * @returns {Promise<ModelEntry[]>}
 */
export async function readModelList(file) {
  let content;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    throw new ExplainedError(`${file} cannot be read: ${messageOf(error)}`);
  }
  try {
    return parseModelList(JSON.parse(content));
  } catch (error) {
    throw new ExplainedError(`${file} is not right: ${messageOf(error)}`);
  }
}

/**
 * @param {unknown} value Parsed JSON.
 * @returns {ModelEntry[]}
 */
export function parseModelList(value) {
  const entries = parseList(value, 'models', parseEntry);
  rejectRepeated(
    entries.map((entry) => entry.id),
    'models',
  );
  return entries;
}

/**
 * @param {unknown} value
 * @param {string} where
 * @returns {ModelEntry}
 */
function parseEntry(value, where) {
  const fields = parseObject(value, where, ['id', 'task', 'licence', 'source', 'build', 'files']);
  const files = parseList(fields['files'], `${where}.files`, parseFile);
  rejectRepeated(
    files.map((file) => file.path),
    `${where}.files`,
  );
  const entry = {
    id: parseText(fields['id'], `${where}.id`, modelId),
    task: parseText(fields['task'], `${where}.task`, text),
    licence: parseText(fields['licence'], `${where}.licence`, text),
    ...(fields['source'] !== undefined && { source: parseSource(fields['source'], `${where}.source`) }),
    ...(fields['build'] !== undefined && { build: parseText(fields['build'], `${where}.build`, text) }),
    files,
  };
  if (entry.source || entry.build) return entry;
  throw new ExplainedError(`${where} must have a source, a build or both: nothing else makes its files.`);
}

/**
 * @param {unknown} value
 * @param {string} where
 * @returns {PackageSource}
 */
function parseSource(value, where) {
  const fields = parseObject(value, where, ['package', 'version', 'integrity']);
  return {
    package: parseText(fields['package'], `${where}.package`, packageName),
    version: parseText(fields['version'], `${where}.version`, exactVersion),
    integrity: parseText(fields['integrity'], `${where}.integrity`, integrity),
  };
}

/**
 * @param {unknown} value
 * @param {string} where
 * @returns {ModelFile}
 */
function parseFile(value, where) {
  const fields = parseObject(value, where, ['path', 'size', 'sha256']);
  return {
    path: parseText(fields['path'], `${where}.path`, relativePath),
    size: parseByteCount(fields['size'], `${where}.size`, 1),
    sha256: parseText(fields['sha256'], `${where}.sha256`, sha256Rule),
  };
}
