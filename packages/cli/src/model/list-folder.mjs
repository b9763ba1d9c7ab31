// @ts-check
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { manifestName } from './manifest.mjs';

/**
 * The files of a model's folder besides its manifest.
 *
 * @param {string} directory
 * @returns {Promise<string[]>} Relative to the folder, with slashes, sorted; empty where there is no such folder.
 */
export async function listFolder(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((file) => file !== manifestName)
    .sort();
}
