// @ts-check
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * @typedef {import('./model-manifest.mjs').ModelFile} ModelFile
 *
 * @typedef {object} FileDifference
 * @property {ModelFile} expected
 * @property {{ size: number, sha256: string } | undefined} actual Undefined for a file that is not there.
 */

/**
 * @param {string} algorithm
 * @param {string} file
 */
async function hashFile(algorithm, file) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  return hash;
}

/**
 * The subresource integrity string of a file, as npm writes it.
 *
 * @param {string} file
 * @returns {Promise<string>}
 */
export async function integrityOf(file) {
  return `sha512-${(await hashFile('sha512', file)).digest('base64')}`;
}

/**
 * @param {string} directory
 * @param {ModelFile[]} files
 * @returns {Promise<FileDifference[]>} Empty when every file is there with its size and hash.
 */
export async function findDifferences(directory, files) {
  const differences = [];
  for (const expected of files) {
    const file = path.join(directory, expected.path);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) {
      differences.push({ expected, actual: undefined });
      continue;
    }
    const actual = { size: found.size, sha256: (await hashFile('sha256', file)).digest('hex') };
    if (actual.size !== expected.size || actual.sha256 !== expected.sha256) differences.push({ expected, actual });
  }
  return differences;
}

/**
 * @param {FileDifference} difference
 * @returns {string}
 */
export function describeDifference({ expected, actual }) {
  const lines = [`  ${expected.path}`, `    expected  ${expected.size} bytes, sha256 ${expected.sha256}`];
  lines.push(actual ? `    actual    ${actual.size} bytes, sha256 ${actual.sha256}` : '    actual    missing');
  return lines.join('\n');
}
