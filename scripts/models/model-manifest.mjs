// @ts-check
import { readFile } from 'node:fs/promises';
import { ModelsError, messageOf } from './models-error.mjs';

/**
 * @typedef {object} ModelFile
 * @property {string} path Relative to the model, with slashes.
 * @property {number} size Bytes.
 * @property {string} sha256 Hexadecimal.
 *
 * @typedef {object} PackageSource A package on the npm registry.
 * @property {string} package
 * @property {string} version
 * @property {string} integrity Of its tarball.
 *
 * @typedef {object} ModelEntry
 * @property {string} id Organisation and name, as on the Hub.
 * @property {string} task
 * @property {string} licence SPDX expression.
 * @property {PackageSource} source
 * @property {string} [build] What makes the files from the package. Without it they are copied from there.
 * @property {ModelFile[]} files
 *
 * @typedef {{ pattern: RegExp, wanted: string }} TextRule
 */

const text = { pattern: /\S/, wanted: 'text' };
const exactVersion = { pattern: /^\d+\.\d+\.\d+(-[\w.-]+)?$/, wanted: 'an exact version' };
const packageName = { pattern: /^(@[a-z\d][\w.-]*\/)?[a-z\d][\w.-]*$/, wanted: 'the name of an npm package' };
const integrity = { pattern: /^sha512-[A-Za-z\d+/]{86}==$/, wanted: '"sha512-" and 88 characters of Base64' };
const sha256 = { pattern: /^[\da-f]{64}$/, wanted: '64 lower-case hexadecimal digits' };
const modelId = { pattern: /^[A-Za-z\d][\w.-]*\/[A-Za-z\d][\w.-]*$/, wanted: '"organisation/name"' };
const relativePath = {
  pattern: /^[A-Za-z\d_][\w.-]*(\/[A-Za-z\d_][\w.-]*)*$/,
  wanted: 'a relative path with slashes and without dots in front',
};

/**
 * @param {string} file
 * @returns {Promise<ModelEntry[]>}
 */
export async function readManifest(file) {
  let content;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    throw new ModelsError(`${file} cannot be read: ${messageOf(error)}`);
  }
  try {
    return parseManifest(JSON.parse(content));
  } catch (error) {
    throw new ModelsError(`${file} is not right: ${messageOf(error)}`);
  }
}

/**
 * @param {unknown} value Parsed JSON.
 * @returns {ModelEntry[]}
 */
export function parseManifest(value) {
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
    source: parseSource(fields['source'], `${where}.source`),
    files,
  };
  return fields['build'] === undefined
    ? entry
    : { ...entry, build: parseText(fields['build'], `${where}.build`, text) };
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
  const { size } = fields;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size <= 0) {
    throw new ModelsError(`${where}.size must be a number of bytes, not ${JSON.stringify(size)}.`);
  }
  return {
    path: parseText(fields['path'], `${where}.path`, relativePath),
    size,
    sha256: parseText(fields['sha256'], `${where}.sha256`, sha256),
  };
}

/**
 * @template Item
 * @param {unknown} value
 * @param {string} where
 * @param {(item: unknown, where: string) => Item} parseItem
 * @returns {Item[]}
 */
function parseList(value, where, parseItem) {
  if (!Array.isArray(value) || value.length === 0) throw new ModelsError(`${where} must be a list that is not empty.`);
  return value.map((item, index) => parseItem(item, `${where}[${index}]`));
}

/**
 * @param {unknown} value
 * @param {string} where
 * @param {string[]} allowed Any other key is most likely a misspelt one.
 * @returns {Record<string, unknown>}
 */
function parseObject(value, where, allowed) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ModelsError(`${where} must be an object.`);
  }
  const unknown = Object.keys(value).filter((key) => !allowed.includes(key));
  if (unknown.length > 0) {
    throw new ModelsError(`${where} has unknown keys: ${unknown.join(', ')}. There are ${allowed.join(', ')}.`);
  }
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @param {unknown} value
 * @param {string} where
 * @param {TextRule} rule
 * @returns {string}
 */
function parseText(value, where, { pattern, wanted }) {
  if (typeof value !== 'string' || !pattern.test(value)) {
    throw new ModelsError(`${where} must be ${wanted}, not ${JSON.stringify(value)}.`);
  }
  return value;
}

/**
 * @param {string[]} values
 * @param {string} where
 */
function rejectRepeated(values, where) {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) throw new ModelsError(`${where} has ${repeated} more than once.`);
}
