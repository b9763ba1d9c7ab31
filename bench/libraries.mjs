// @ts-check
import { cpSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from './bench-error.mjs';
import { bundle } from './bundle.mjs';

const fromHere = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));
const transformersManifest = new URL('../node_modules/@huggingface/transformers/package.json', import.meta.url);

/** Manifests of what is measured. */
export const manifests = {
  insitu: new URL('../package.json', import.meta.url),
  '@huggingface/transformers': transformersManifest,
};

/**
 * Makes both libraries ready to be served, with the pages of the benches below /bench/.
 *
 * @param {string} temporaryDirectory
 * @returns {Promise<import('../scripts/serve/static-server.mjs').Mount[]>}
 * @throws {BenchError} when insitu was not built.
 */
export async function mountLibraries(temporaryDirectory) {
  const built = fromHere('../dist');
  if (!existsSync(join(built, 'index.js'))) {
    throw new BenchError('There is no dist/index.js. Run "npm run build" first.');
  }
  // A copy, so that a build during the run does not change what is measured.
  const ours = join(temporaryDirectory, 'insitu');
  cpSync(built, ours, { recursive: true });
  const theirs = join(temporaryDirectory, 'transformers');
  await bundle([fromHere('transformers-entry.mjs')], theirs);
  return [
    { prefix: '/bench/', directory: fromHere('.') },
    { prefix: '/dist/', directory: ours },
    { prefix: '/transformers/', directory: theirs },
    // The copy that transformers.js itself depends on.
    { prefix: '/onnxruntime/', directory: dirname(createRequire(transformersManifest).resolve('onnxruntime-web')) },
  ];
}
