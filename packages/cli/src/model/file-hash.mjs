// @ts-check
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/**
 * @param {string} file
 * @param {import('node:crypto').Hash} hash
 */
async function feed(file, hash) {
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash;
}

/**
 * @param {string} file
 * @returns {Promise<string>} Hexadecimal.
 */
export async function sha256Of(file) {
  return (await feed(file, createHash('sha256'))).digest('hex');
}

/**
 * The name that git gives a file of this content.
 *
 * @param {string} file
 * @returns {Promise<string>} Hexadecimal.
 */
export async function gitObjectIdOf(file) {
  const { size } = await stat(file);
  return (await feed(file, createHash('sha1').update(`blob ${size}\0`))).digest('hex');
}

/**
 * The subresource integrity string of a file, as npm writes it.
 *
 * @param {string} file
 * @returns {Promise<string>}
 */
export async function integrityOf(file) {
  return `sha512-${(await feed(file, createHash('sha512'))).digest('base64')}`;
}
