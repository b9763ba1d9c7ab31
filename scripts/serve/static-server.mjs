// @ts-check
import { createServer } from 'node:http';
import send from 'send';

/**
 * @typedef {object} Mount
 * @property {string} prefix URL path that starts and ends with a slash.
 * @property {string} directory Folder served below it.
 *
 * @typedef {object} StaticServerOptions
 * @property {Mount[]} mounts The longest matching prefix serves a request; of several with that prefix, the first that has the file.
 * @property {boolean} [isolated] Send the headers of cross-origin isolation, which threads need. Default true.
 * @property {string} [contentSecurityPolicy] Sent with every response.
 * @property {number} [port] Default 0: any free port.
 * @property {(request: import('node:http').IncomingMessage) => void} [onRequest] Called before a request is answered.
 * @property {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => boolean} [intercept]
 *   Answers a request itself and returns true, or returns false to let the files be served.
 *
 * @typedef {object} StaticServer
 * @property {string} url Origin of the server, without a slash at the end.
 * @property {() => Promise<void>} close
 */

/**
 * Serves folders over HTTP with the headers insitu wants of a host: cross-origin isolation, `application/wasm`, ETag and
 * range requests, no caching of pages.
 *
 * @param {StaticServerOptions} options
 * @returns {Promise<StaticServer>}
 */
export async function startStaticServer({
  mounts,
  isolated = true,
  contentSecurityPolicy,
  port = 0,
  onRequest,
  intercept,
}) {
  const longestFirst = [...mounts].sort((a, b) => b.prefix.length - a.prefix.length);

  const server = createServer((request, response) => {
    onRequest?.(request);
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    if (contentSecurityPolicy) response.setHeader('Content-Security-Policy', contentSecurityPolicy);
    if (intercept?.(request, response)) return;

    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const prefix = longestFirst.find((mount) => pathname.startsWith(mount.prefix))?.prefix;
    const folders = mounts.filter((mount) => mount.prefix === prefix).map((mount) => mount.directory);
    const fail = (/** @type {number} */ status) => {
      response.writeHead(status, { 'Content-Type': 'text/plain' });
      response.end(status === 404 ? 'Not found' : 'Error');
    };
    const sendFrom = (
      /** @type {string | undefined} */ root,
      /** @type {(string | undefined)[]} */ [next, ...rest],
    ) => {
      if (root === undefined || prefix === undefined) return fail(404);
      send(request, pathname.slice(prefix.length - 1), { root })
        .on('error', (error) => (error.status === 404 ? sendFrom(next, rest) : fail(error.status ?? 500)))
        .pipe(response);
    };
    const [first, ...others] = folders;
    sendFrom(first, others);
  });

  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
