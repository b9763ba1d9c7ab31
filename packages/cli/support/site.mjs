// @ts-check
import { brotliCompressSync } from 'node:zlib';
import { sendBytes, sendText, startServer } from './http-server.mjs';

/**
 * @typedef {{ body: string, headers: Record<string, string>, ranges?: boolean, compress?: boolean }} SiteFile
 *
 * @typedef {object} Site A deployed page with insitu and a model, everything right: tests make one thing wrong.
 * @property {string} url
 * @property {Map<string, SiteFile>} files By path.
 * @property {(path: string) => SiteFile} file
 * @property {{ status: number, body: string, type: string }} unknown What it answers to other paths.
 * @property {Record<string, string>} headers Sent with everything.
 * @property {import('./http-server.mjs').TestServer['requests']} requests
 * @property {() => Promise<void>} close
 */

export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'";

const workerScript =
  'new URL("./runtime.js",import.meta.url);new URL("./ort-wasm-simd-threaded.mjs",import.meta.url);' +
  'new URL("./ort-wasm-simd-threaded.wasm",import.meta.url)';

const script = { 'Content-Type': 'text/javascript; charset=utf-8' };

/** @param {string} folder @returns {[string, SiteFile][]} */
function library(folder) {
  return [
    [
      `${folder}index.js`,
      { body: 'new Worker(new URL("./worker.js",import.meta.url),{name:"insitu"})', headers: script },
    ],
    [`${folder}worker.js`, { body: workerScript, headers: script }],
    [`${folder}runtime.js`, { body: 'export {}', headers: script }],
    [`${folder}ort-wasm-simd-threaded.mjs`, { body: 'export default 1', headers: script }],
    [`${folder}ort-wasm-simd-threaded.wasm`, { body: '\0asm', headers: { 'Content-Type': 'application/wasm' } }],
  ];
}

/** @param {string} [origin] Which may read the files; without it, any page of this site. @returns {Promise<Site>} */
export async function startSite(origin) {
  const stored = { 'Content-Type': 'application/octet-stream', ETag: '"one"' };
  /** @type {Map<string, SiteFile>} */
  const files = new Map([
    [
      '/',
      {
        body: '<!doctype html><script type="module">import { pipeline } from "./dist/index.js"; pipeline();</script>',
        headers: { 'Content-Type': 'text/html', 'Content-Security-Policy': strictPolicy },
      },
    ],
    ...library('/dist/'),
    ['/models/org/name/config.json', { body: '{}', headers: stored, ranges: true, compress: false }],
    ['/models/org/name/onnx/model_quantized.onnx', { body: 'weights', headers: stored, ranges: true, compress: false }],
  ]);

  const server = await startServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const found = files.get(pathname);
    const common = { ...site.headers, ...(origin && { 'Access-Control-Allow-Origin': origin }) };
    if (!found) {
      sendText(response, site.unknown.status, site.unknown.body, { ...common, 'Content-Type': site.unknown.type });
      return;
    }
    const headers = { ...common, ...found.headers };
    if (found.ranges) sendBytes(request, response, Buffer.from(found.body), headers);
    else if (found.compress === false || !/\bbr\b/.test(String(request.headers['accept-encoding']))) {
      response.writeHead(200, headers).end(found.body);
    } else response.writeHead(200, { ...headers, 'Content-Encoding': 'br' }).end(brotliCompressSync(found.body));
  });

  /** @type {Site} */
  const site = {
    url: server.url,
    files,
    file: (path) => {
      const found = files.get(path);
      if (!found) throw new Error(`The site has no ${path}.`);
      return found;
    },
    unknown: { status: 404, body: 'Not found', type: 'text/plain' },
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
    requests: server.requests,
    close: server.close,
  };
  return site;
}

/**
 * What is not right: level, check and path.
 *
 * @param {import('../src/doctor/finding.mjs').Finding[]} findings
 */
export function problemsIn(findings) {
  return findings
    .filter(({ level }) => level !== 'ok')
    .map(({ level, check, subject }) => [level, check, new URL(subject).pathname]);
}
