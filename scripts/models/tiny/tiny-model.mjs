// @ts-check
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * A model that is made from nothing: the smallest graph whose output depends on all of its input, with random weights that
 * are the same each time. It knows nothing; it is for comparing two programs that run the same files.
 *
 * @typedef {object} TinyModel
 * @property {string} id Organisation and name.
 * @property {string} task
 * @property {() => Record<string, object>} files By path within the model's folder: bytes are written as they are, any other
 *   object as JSON.
 */

/**
 * @param {TinyModel} model
 * @returns {[path: string, bytes: Uint8Array][]}
 */
function encodeFiles(model) {
  return Object.entries(model.files()).map(([name, content]) => [
    name,
    content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content, null, 2)),
  ]);
}

/**
 * What models.json would say of it. The files follow from the code, so their hashes need no list.
 *
 * @param {TinyModel} model
 * @returns {import('../model-list.mjs').ModelEntry}
 */
export function describeTinyModel(model) {
  const { id, task } = model;
  const files = encodeFiles(model).map(([name, bytes]) => ({
    path: name,
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  return { id, task, licence: 'MIT', build: id, files };
}

/**
 * @param {TinyModel} model
 * @param {string} outputDirectory
 */
export async function writeTinyModel(model, outputDirectory) {
  for (const [name, bytes] of encodeFiles(model)) {
    const file = path.join(outputDirectory, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
}
