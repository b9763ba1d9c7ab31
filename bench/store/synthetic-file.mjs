// @ts-check
import { createCipheriv } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';

const chunkBytes = 4 * 1024 * 1024;

/**
 * Writes bytes that look random, so that nothing on their way can compress them, and are the same each time.
 *
 * @param {string} path Its folder is made where there is none.
 * @param {number} size
 */
export async function writeSyntheticFile(path, size) {
  mkdirSync(dirname(path), { recursive: true });
  const output = createWriteStream(path);
  const keystream = createCipheriv('aes-128-ctr', Buffer.alloc(16, 'insitu'), Buffer.alloc(16));
  const zeros = Buffer.alloc(chunkBytes);
  for (let written = 0; written < size; written += chunkBytes) {
    const chunk = keystream.update(zeros.subarray(0, Math.min(chunkBytes, size - written)));
    if (!output.write(chunk)) await once(output, 'drain');
  }
  output.end();
  await finished(output);
}
