// @ts-check
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultRetryRules } from '../src/transfer/retry.mjs';

/**
 * A new folder and a context of commands in it.
 *
 * @typedef {object} Workplace
 * @property {string} directory
 * @property {import('../src/command.mjs').CommandContext} context
 * @property {() => string} output What was written to the standard output.
 * @property {() => string} messages What was written to the standard error.
 * @property {(file: string) => Promise<Buffer>} read
 * @property {(folder: string) => Promise<string[]>} list Its files, sorted; empty where there is no such folder.
 * @property {() => Promise<void>} remove
 */

/**
 * @param {Record<string, string>} [environment]
 * @returns {Promise<Workplace>}
 */
export async function createWorkplace(environment = {}) {
  const directory = await mkdtemp(path.join(tmpdir(), 'insitu-cli-'));
  const record = () => {
    /** @type {string[]} */
    const written = [];
    const write = (/** @type {string | Uint8Array} */ text) => written.push(String(text)) > 0;
    return { written, stream: { write, isTTY: false, columns: 80 } };
  };
  const [out, err] = [record(), record()];
  return {
    directory,
    context: {
      directory,
      stdout: out.stream,
      stderr: err.stream,
      environment,
      signal: new AbortController().signal,
    },
    output: () => out.written.join(''),
    messages: () => err.written.join(''),
    read: (file) => readFile(path.join(directory, file)),
    list: async (folder) => {
      const entries = await readdir(path.join(directory, folder), { recursive: true, withFileTypes: true }).catch(
        () => [],
      );
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(path.join(directory, folder), path.join(entry.parentPath, entry.name)))
        .sort();
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/**
 * Rules that wait for nothing.
 *
 * @returns {{ rules: import('../src/transfer/retry.mjs').RetryRules, pauses: number[] }} `pauses` in milliseconds.
 */
export function createImpatientRules() {
  /** @type {number[]} */
  const pauses = [];
  return {
    pauses,
    rules: {
      ...defaultRetryRules,
      random: () => 1,
      wait: async (milliseconds) => void pauses.push(milliseconds),
    },
  };
}
