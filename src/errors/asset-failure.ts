import { cspFailure } from './csp-violations.ts';
import { InsituError } from './insitu-error.ts';

/** A server that does not answer is no better known after a longer wait. */
const patienceMs = 10_000;

/** What to do about a file that is not there, and about one that is and does not start. */
export interface AssetAdvice {
  serve: string;
  start: string;
}

/** Of the library's own. */
export const ownFiles: AssetAdvice = {
  serve: "Serve the files of insitu's `dist` folder side by side, or pass `assetBase` to `createClient`.",
  start: 'Serve .js and .mjs as text/javascript, .wasm as application/wasm, and all files of one version.',
};

/** Of the module of a task of the application. */
export const taskModules: AssetAdvice = {
  serve: 'Give `defineTask` the address of a script: `module: new URL("./task.js", import.meta.url)`.',
  start: 'See the cause. It must be a module script, served as text/javascript, that runs in a worker.',
};

/**
 * Says why a script or another file could not be started, by asking the server for it once more: the browser's own event or exception
 * carries no reason.
 *
 * @param advice For files that are not the library's own.
 */
export async function assetFailure(
  url: string,
  what: string,
  cause?: unknown,
  { serve, start }: AssetAdvice = ownFiles,
): Promise<InsituError> {
  const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(patienceMs) }).catch(() => undefined);
  const refused = await cspFailure(what, url, cause);
  if (refused) return refused;
  if (!response) {
    return new InsituError('WORKER_START_FAILED', `${what} could not be fetched from ${url}.`, {
      hint: `${serve} Check the connection.`,
      retryable: true,
      cause,
    });
  }
  if (!response.ok) {
    return new InsituError('WORKER_START_FAILED', `${what} is missing: ${url} answered ${response.status}.`, {
      hint: serve,
      cause,
    });
  }
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('text/html')) {
    return new InsituError('ASSET_IS_HTML', `${what} at ${url} is an HTML page.`, {
      hint: `The server answers unknown paths with a page. ${serve}`,
      cause,
    });
  }
  return new InsituError('WORKER_START_FAILED', `${what} at ${url} did not start (served as "${type}").`, {
    hint: start,
    cause,
  });
}
