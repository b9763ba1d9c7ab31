import { cspFailure } from './csp-violations.ts';
import { InsituError } from './insitu-error.ts';

/** A server that does not answer is no better known after a longer wait. */
const patienceMs = 10_000;

/**
 * Says why one of the library's own files could not be started, by asking the server for it once more: the browser's own
 * event or exception carries no reason.
 */
export async function assetFailure(url: string, what: string, cause?: unknown): Promise<InsituError> {
  const serve = "Serve the files of insitu's `dist` folder side by side, or pass `assetBase` to `createClient`.";
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
    hint: 'Serve .js and .mjs as text/javascript, .wasm as application/wasm, and all files of one version.',
    cause,
  });
}
