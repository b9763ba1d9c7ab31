// @ts-check
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';

/**
 * Runs `work` with a new directory and removes the directory, also when the process exits meanwhile.
 *
 * @template Result
 * @param {string} prefix Path of the directory, to which random characters are added.
 * @param {(directory: string) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function withTemporaryDirectory(prefix, work) {
  const directory = await mkdtemp(prefix);
  const remove = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await work(directory);
  } finally {
    process.off('exit', remove);
    remove();
  }
}
