// @ts-check
import { createServer } from 'node:http';

/**
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 *
 * @typedef {object} TestServer
 * @property {string} url Origin, without a slash at the end.
 * @property {{ method: string, path: string, headers: import('node:http').IncomingHttpHeaders }[]} requests In their order.
 * @property {() => Promise<void>} close
 */

/**
 * @param {(request: Request, response: Response) => void} answer
 * @returns {Promise<TestServer>}
 */
export async function startServer(answer) {
  /** @type {TestServer['requests']} */
  const requests = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
    answer(request, response);
  });
  await new Promise((resolve) => void server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Answers as a good file server does: ranges, If-Range, ETag.
 *
 * @param {Request} request
 * @param {Response} response
 * @param {Buffer} bytes
 * @param {Record<string, string>} [headers] `ETag` among them, where there is one.
 */
export function sendBytes(request, response, bytes, headers = {}) {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const condition = request.headers['if-range'];
  const current = condition === undefined || condition === headers['ETag'] || condition === headers['Last-Modified'];
  const common = { 'Content-Type': 'application/octet-stream', 'Accept-Ranges': 'bytes', ...headers };
  if (!range || !current) {
    response.writeHead(200, { ...common, 'Content-Length': bytes.length });
    response.end(bytes);
    return;
  }
  const from = Number(range[1]);
  const to = Math.min(range[2] ? Number(range[2]) + 1 : bytes.length, bytes.length);
  if (from >= bytes.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` });
    response.end();
    return;
  }
  const contentRange = `bytes ${from}-${to - 1}/${bytes.length}`;
  response.writeHead(206, { ...common, 'Content-Range': contentRange, 'Content-Length': to - from });
  response.end(bytes.subarray(from, to));
}

/**
 * @param {Response} response
 * @param {number} status
 * @param {string} [text]
 * @param {Record<string, string>} [headers]
 */
export function sendText(response, status, text = '', headers = {}) {
  response.writeHead(status, { 'Content-Type': 'text/plain', ...headers });
  response.end(text);
}

/** @param {Response} response */
export function sendPage(response) {
  sendText(response, 200, '<!doctype html><title>The app</title>', { 'Content-Type': 'text/html; charset=utf-8' });
}
