// @ts-check
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { startStaticServer } from '../../scripts/serve/static-server.mjs';
import { BenchError } from '../bench-error.mjs';
import { bundle } from '../bundle.mjs';
import { writeSyntheticFile } from './synthetic-file.mjs';

/**
 * @typedef {import('./pages/answer-calls.mjs').StoredFile & import('./pages/answer-calls.mjs').Contents} ServedFile
 *
 * @typedef {object} Site
 * @property {string} url Origin, without a slash at the end.
 * @property {{ small: ServedFile, large: ServedFile }} files
 * @property {() => string[]} takeModelRequests What of models was asked for since the last call.
 * @property {() => Promise<void>} close
 */

const path = 'onnx/model_quantized.onnx';
const smallModel = 'insitu/all-MiniLM-L6-v2';
const largeModel = 'bench/synthetic';
const largeBytes = 500_000_000;

const repository = fileURLToPath(new URL('../..', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));

/**
 * Serves a page that starts a worker with either library, and models in the layout of the Hub: a real one, and one whose only
 * file is synthetic.
 *
 * @param {{ modelsDirectory: string, temporaryDirectory: string }} options
 * @returns {Promise<Site>}
 * @throws {BenchError} when something to measure is not there.
 */
export async function openSite({ modelsDirectory, temporaryDirectory }) {
  const built = join(repository, 'build/worker');
  if (!existsSync(join(built, 'weights/model/open-model.js'))) {
    throw new BenchError('There is no build/worker/weights. Run "npm run build" first.');
  }
  if (!existsSync(join(modelsDirectory, smallModel, path))) {
    throw new BenchError(`${modelsDirectory} lacks ${path} of ${smallModel}. Run "npm run models" first.`);
  }
  const workers = join(temporaryDirectory, 'workers');
  await bundle([join(here, 'insitu-worker.mjs'), join(here, 'transformers-worker.mjs')], workers, [
    { find: /^\.\.\/\.\.\/src\/(.*)\.ts$/, replacement: join(built, '$1.js') },
  ]);
  const synthetic = join(temporaryDirectory, 'models');
  await writeSyntheticFile(join(synthetic, largeModel, path), largeBytes);

  /** @type {string[]} */
  let requests = [];
  const server = await startStaticServer({
    mounts: [
      { prefix: '/pages/', directory: join(here, 'pages') },
      { prefix: '/workers/', directory: workers },
      { prefix: '/models/', directory: modelsDirectory },
      { prefix: '/models/bench/', directory: join(synthetic, 'bench') },
    ],
    onRequest({ method, url = '' }) {
      if (url.startsWith('/models/')) requests.push(`${method} ${url}`);
    },
  });
  return {
    url: server.url,
    close: server.close,
    files: {
      small: await describeFile(modelsDirectory, smallModel),
      large: await describeFile(synthetic, largeModel),
    },
    takeModelRequests() {
      const taken = requests;
      requests = [];
      return taken;
    },
  };
}

/**
 * @param {string} directory
 * @param {string} model
 * @returns {Promise<ServedFile>}
 */
async function describeFile(directory, model) {
  const file = join(directory, model, path);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return { model, path, size: statSync(file).size, sha256: hash.digest('hex') };
}
