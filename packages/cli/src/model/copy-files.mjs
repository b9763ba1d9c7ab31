// @ts-check
import { copyFile, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { runParallel } from '../run-parallel.mjs';
import { innerPath } from './file-path.mjs';

const parallelCopies = 4;

/**
 * Copies files of a model from one folder to another, each whole or not at all.
 *
 * @param {string} source
 * @param {string} target
 * @param {string[]} paths
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export async function copyFiles(source, target, paths, signal) {
  await runParallel(
    paths,
    parallelCopies,
    async (filePath) => {
      const file = innerPath(target, filePath);
      await mkdir(path.dirname(file), { recursive: true });
      await copyFile(innerPath(source, filePath), `${file}.part`);
      await rename(`${file}.part`, file);
    },
    signal,
  );
}
