// @ts-check
import { createHash } from 'node:crypto';
import { sendBytes, sendText, startServer } from './http-server.mjs';

/**
 * A Hub with one model, and the other origin to which it redirects for large files.
 *
 * @typedef {object} FakeHub
 * @property {string} url
 * @property {Map<string, Buffer>} files
 * @property {import('./http-server.mjs').TestServer['requests']} requests Of the Hub.
 * @property {import('./http-server.mjs').TestServer['requests']} storageRequests
 * @property {(path: string) => string[]} rangesOf What was asked of a file: `all`, or its Range.
 * @property {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse, path: string) => boolean}
 *   intercept Answers a request itself and returns true; `path` is empty for the API.
 * @property {() => Promise<void>} close
 */

export const commit = '0123456789abcdef0123456789abcdef01234567';
export const modelId = 'org/name';

/** @param {Buffer} bytes */
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** @param {Buffer} bytes */
const gitObjectId = (bytes) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

/** Bytes that differ everywhere, so that a misplaced range is seen. @param {number} size */
export function makeBytes(size) {
  const bytes = Buffer.alloc(size);
  for (let index = 0; index < size; index++) bytes[index] = (index * 31 + (index >> 8)) % 251;
  return bytes;
}

const isLarge = (/** @type {string} */ path) => /\.(onnx|onnx_data|safetensors)$/.test(path);

/** @returns {Map<string, Buffer>} */
export function makeModel() {
  return new Map(
    Object.entries({
      '.gitattributes': Buffer.from('*.onnx filter=lfs'),
      'README.md': Buffer.from('# A model'),
      LICENSE: Buffer.from('MIT'),
      'config.json': Buffer.from('{"model_type":"bert"}'),
      'tokenizer.json': Buffer.from('{"version":"1.0"}'),
      'vocab.txt': Buffer.from('a\nb\n'),
      'manifest.json': Buffer.from('{"of":"somebody else"}'),
      'model.safetensors': makeBytes(300),
      'onnx/model.onnx': makeBytes(2000),
      'onnx/model_quantized.onnx': makeBytes(1_000_000),
      'onnx/model_fp16.onnx': makeBytes(1500),
      'onnx/model_fp16.onnx_data': makeBytes(700),
    }),
  );
}

/**
 * @param {Map<string, Buffer>} [files]
 * @returns {Promise<FakeHub>}
 */
export async function startFakeHub(files = makeModel()) {
  const etagOf = (/** @type {Buffer} */ bytes) => `"${sha256(bytes).slice(0, 16)}"`;

  const storage = await startServer((request, response) => {
    const path = (request.url ?? '').slice(1);
    const bytes = files.get(path);
    if (hub.intercept(request, response, path)) return;
    if (bytes) sendBytes(request, response, bytes, { ETag: etagOf(bytes) });
    else sendText(response, 404);
  });

  const answerFile = (
    /** @type {import('node:http').IncomingMessage} */ request,
    /** @type {import('node:http').ServerResponse} */ response,
    /** @type {string} */ path,
  ) => {
    const bytes = files.get(path);
    if (!bytes) return sendText(response, 404, '', { 'X-Error-Code': 'EntryNotFound' });
    if (isLarge(path)) {
      const linked = { 'X-Linked-ETag': `"${sha256(bytes)}"`, 'X-Linked-Size': String(bytes.length) };
      return sendText(response, 302, '', { Location: `${storage.url}/${path}`, ...linked });
    }
    if (hub.intercept(request, response, path)) return undefined;
    return sendBytes(request, response, bytes, { ETag: `"${gitObjectId(bytes)}"` });
  };

  const entries = () => [
    { type: 'directory', path: 'onnx', size: 0, oid: '0'.repeat(40) },
    ...[...files].map(([path, bytes]) => {
      const entry = {
        type: 'file',
        path,
        size: bytes.length,
        oid: gitObjectId(isLarge(path) ? Buffer.from('pointer') : bytes),
      };
      return isLarge(path) ? { ...entry, lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 132 } } : entry;
    }),
  ];

  const server = await startServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hub');
    const file = new RegExp(`^/${modelId}/resolve/${commit}/(.+)$`).exec(pathname)?.[1];
    if (file !== undefined) return answerFile(request, response, decodeURIComponent(file));
    if (hub.intercept(request, response, '')) return undefined;
    const json = (/** @type {unknown} */ value, headers = {}) =>
      sendText(response, 200, JSON.stringify(value), { 'Content-Type': 'application/json', ...headers });
    if (/^\/api\/models\/org\/name\/revision\/(main|v1|refs%2Fpr%2F1)$/.test(pathname)) return json({ sha: commit });
    if (pathname === `/api/models/${modelId}/tree/${commit}` && searchParams.get('recursive') === 'true') {
      const cursor = Number(searchParams.get('cursor') ?? 0);
      const rest = entries().slice(cursor);
      const next = `</api/models/${modelId}/tree/${commit}?recursive=true&cursor=${cursor + 5}>; rel="next"`;
      return json(rest.slice(0, 5), rest.length > 5 ? { Link: next } : {});
    }
    const code = pathname.includes('/revision/') ? 'RevisionNotFound' : 'RepoNotFound';
    return sendText(response, 404, '', { 'X-Error-Code': code });
  });

  /** @type {FakeHub} */
  const hub = {
    url: server.url,
    files,
    requests: server.requests,
    storageRequests: storage.requests,
    rangesOf: (path) =>
      [...server.requests, ...storage.requests]
        .filter((request) => request.path === (isLarge(path) ? `/${path}` : `/${modelId}/resolve/${commit}/${path}`))
        .map(({ headers }) => headers.range ?? 'all'),
    intercept: () => false,
    close: async () => {
      await Promise.all([server.close(), storage.close()]);
    },
  };
  return hub;
}
