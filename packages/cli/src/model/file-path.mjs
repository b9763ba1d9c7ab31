// @ts-check
import path from 'node:path';
import { ExplainedError } from '../explained-error.mjs';

/**
 * Whether a path from elsewhere stays inside the folder that it is joined to, on every system.
 *
 * @param {string} relativePath With slashes.
 * @returns {boolean}
 */
export function isInnerPath(relativePath) {
  // A colon names a drive or a stream on Windows.
  if (/[\\:\p{Cc}]/u.test(relativePath)) return false;
  return relativePath.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

/**
 * @param {string} directory
 * @param {string} relativePath With slashes.
 * @returns {string}
 */
export function innerPath(directory, relativePath) {
  if (isInnerPath(relativePath)) return path.join(directory, ...relativePath.split('/'));
  throw new ExplainedError(
    `${JSON.stringify(relativePath)} is not a path inside a model's folder. Nothing was written.`,
  );
}
