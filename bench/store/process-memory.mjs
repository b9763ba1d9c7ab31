// @ts-check
import { readFileSync, readdirSync } from 'node:fs';

/**
 * Memory of a process that is backed by no file, and so has to be held for it: its own, and what it shares with others. What
 * two processes share counts in both.
 *
 * @param {string} status Text of `/proc/<pid>/status`.
 * @returns {number} Bytes; 0 for a process that has ended.
 */
export function anonymousBytes(status) {
  const kibibytes = (/** @type {string} */ field) =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  return (kibibytes('RssAnon') + kibibytes('RssShmem')) * 1024;
}

/**
 * @param {string} stat Text of `/proc/<pid>/stat`.
 * @returns {number} Process id of the parent. 0 for what is no such text.
 */
export function parentOf(stat) {
  // The name before may contain anything, also brackets and spaces.
  return Number(/^\s\S (\d+) /.exec(stat.slice(stat.lastIndexOf(')') + 1))?.[1] ?? 0);
}

/**
 * @param {number} root
 * @param {ReadonlyMap<number, number>} parents By process id.
 * @returns {number[]} The root, its children, and theirs.
 */
export function familyOf(root, parents) {
  const family = [root];
  for (const member of family) {
    for (const [pid, parent] of parents) if (parent === member) family.push(pid);
  }
  return family;
}

/** @param {number} root Process id. */
export function readFamily(root) {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return familyOf(root, new Map(pids.map((pid) => [pid, parentOf(readProcFile(pid, 'stat'))])));
}

/** @param {readonly number[]} pids */
export const readAnonymousBytes = (pids) =>
  pids.reduce((sum, pid) => sum + anonymousBytes(readProcFile(pid, 'status')), 0);

/** @param {number} pid @param {string} name @returns {string} Empty for a process that has ended. */
function readProcFile(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
