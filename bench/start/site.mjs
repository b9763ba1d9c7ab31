// @ts-check
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startStaticServer } from '../../scripts/serve/static-server.mjs';
import { BenchError } from '../bench-error.mjs';
import { mountLibraries } from '../libraries.mjs';

export const modelId = 'insitu/all-MiniLM-L6-v2';

/** Files of the model that both libraries read. */
export const modelFiles = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];

/**
 * What the server sent.
 *
 * @typedef {object} Traffic
 * @property {number} libraryBytes Headers and bodies of all but the model and the bench's own pages.
 * @property {string[]} libraryPaths
 * @property {string[]} modelPaths In the order of the requests; a path that was asked for twice is there twice.
 *
 * @typedef {object} Site
 * @property {string} url Origin, without a slash at the end.
 * @property {() => Traffic} takeTraffic What was sent since the last call.
 * @property {() => Promise<void>} close
 */

/**
 * Serves both libraries, the model and the pages from one origin, all with the same headers.
 *
 * @param {{ modelsDirectory: string, temporaryDirectory: string }} options
 * @returns {Promise<Site>}
 * @throws {BenchError} when something to measure is not there.
 */
export async function openSite({ modelsDirectory, temporaryDirectory }) {
  const missing = modelFiles.filter((file) => !existsSync(join(modelsDirectory, modelId, file)));
  if (missing.length > 0) {
    throw new BenchError(`${modelsDirectory} lacks ${missing.join(', ')} of ${modelId}. Run "npm run models" first.`);
  }
  const libraries = await mountLibraries(temporaryDirectory);

  /** @type {{ path: string, bytes: number }[]} */
  let sent = [];
  const server = await startStaticServer({
    isolated: true,
    mounts: [...libraries, { prefix: '/models/', directory: modelsDirectory }],
    intercept(request, response) {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const { socket } = request;
      // A connection carries one response after the other.
      const before = socket.bytesWritten;
      const entry = { path: pathname, bytes: 0 };
      sent.push(entry);
      response.on('close', () => (entry.bytes = socket.bytesWritten - before));
      return false;
    },
  });

  return {
    url: server.url,
    close: server.close,
    takeTraffic() {
      const of = (/** @type {string} */ prefix) => sent.filter(({ path }) => path.startsWith(prefix));
      const library = sent.filter(({ path }) => !path.startsWith('/bench/') && !path.startsWith('/models/'));
      const traffic = {
        libraryBytes: library.reduce((sum, { bytes }) => sum + bytes, 0),
        libraryPaths: library.map(({ path }) => path),
        modelPaths: of('/models/').map(({ path }) => path),
      };
      sent = [];
      return traffic;
    },
  };
}
