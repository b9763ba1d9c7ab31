// @ts-check
import { stat } from 'node:fs/promises';
import { ExplainedError } from '../explained-error.mjs';
import { runParallel } from '../run-parallel.mjs';
import { sha256Of } from './file-hash.mjs';
import { innerPath } from './file-path.mjs';

/**
 * @typedef {import('./manifest.mjs').ManifestFile} ManifestFile
 *
 * @typedef {object} FileDifference
 * @property {ManifestFile} expected
 * @property {{ size: number, sha256: string } | undefined} actual Undefined for a file that is not there.
 */

const parallelReads = 4;

/**
 * @param {string} directory
 * @param {ManifestFile[]} files
 * @returns {Promise<FileDifference[]>} Empty when every file is there with its size and hash.
 */
export async function findDifferences(directory, files) {
  const found = await runParallel(files, parallelReads, async (expected) => {
    const actual = await describeFile(innerPath(directory, expected.path));
    const right = actual?.size === expected.size && actual.sha256 === expected.sha256;
    return right ? [] : [{ expected, actual }];
  });
  return found.flat();
}

/**
 * @param {string} directory
 * @param {string[]} paths
 * @returns {Promise<ManifestFile[]>}
 */
export function describeFiles(directory, paths) {
  return runParallel(paths, parallelReads, async (path) => {
    const described = await describeFile(innerPath(directory, path));
    if (described) return { path, ...described };
    throw new ExplainedError(`${path} in ${directory} is not a file, or was removed meanwhile.`);
  });
}

/**
 * @param {string} file
 * @returns {Promise<{ size: number, sha256: string } | undefined>} Undefined for a file that is not there.
 */
export async function describeFile(file) {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? { size: found.size, sha256: await sha256Of(file) } : undefined;
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
