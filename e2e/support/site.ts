import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { startStaticServer } from '../../scripts/serve/static-server.mjs';
import { imageFiles } from './image-files.ts';

const root = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const models = join(root, 'models');

export const embedder = '/models/insitu/all-MiniLM-L6-v2/';
export const classifier = '/models/insitu/all-MiniLM-L6-v2-sst2/';

export interface Site {
  url: string;
  /** Paths that were asked for, in order. */
  requests: string[];
  /** Paths whose answer the browser did not wait for. */
  cancelled: string[];
  close(): Promise<void>;
}

export interface SiteOptions {
  isolated?: boolean;
  /** Sent with everything but the frame of isolated models, which brings its own. */
  contentSecurityPolicy?: string;
  /** Sent with the frame. */
  framePolicy?: string;
  /** Texts of modules, by their paths. */
  scripts?: Readonly<Record<string, string>>;
}

/**
 * Serves the built library, the demos, the models, the pages of the tests, below `/test-images/` the pictures of
 * `image-files.ts`, and below `/faulty/` a copy of the embedder with one thing wrong: the first part of the path names it.
 */
export async function startSite({
  isolated = true,
  contentSecurityPolicy,
  framePolicy,
  scripts = {},
}: SiteOptions = {}): Promise<Site> {
  const requests: string[] = [];
  const cancelled: string[] = [];
  const { url, close } = await startStaticServer({
    isolated,
    ...(contentSecurityPolicy && { contentSecurityPolicy }),
    mounts: [
      { prefix: '/', directory: join(root, 'demos/dist') },
      { prefix: '/pages/', directory: join(root, 'e2e/pages') },
      { prefix: '/dist/', directory: join(root, 'dist') },
      { prefix: '/models/', directory: models },
      { prefix: '/transformers/', directory: join(dirname(require.resolve('@huggingface/transformers')), '../dist') },
      { prefix: '/onnxruntime/', directory: dirname(require.resolve('onnxruntime-web')) },
    ],
    onRequest: (request) => requests.push(request.url ?? ''),
    intercept(request, response) {
      response.on('close', () => response.writableFinished || cancelled.push(request.url ?? ''));
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      if (pathname === '/dist/isolated-frame.html') {
        if (framePolicy) response.setHeader('Content-Security-Policy', framePolicy);
        else response.removeHeader('Content-Security-Policy');
      }
      const script = scripts[pathname];
      if (script !== undefined) {
        response.writeHead(200, { 'Content-Type': 'text/javascript' });
        response.end(script);
        return true;
      }
      const hub = /^\/hub\/(.+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname);
      if (hub) {
        response.writeHead(302, { Location: `/models/${hub[1]}/${hub[3]}` });
        response.end();
        return true;
      }
      const image = imageFiles[pathname.replace(/^\/test-images\//, '')];
      if (image) {
        response.writeHead(200, { 'Content-Type': pathname.endsWith('.png') ? 'image/png' : 'image/jpeg' });
        response.end(image);
        return true;
      }
      const [, area, fault, ...path] = pathname.split('/');
      if (area !== 'faulty') return false;
      void answerFaulty(fault ?? '', path.join('/'), request, response);
      return true;
    },
  });
  return { url, requests, cancelled, close };
}

async function answerFaulty(
  fault: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const page = '<!doctype html><html><body>Welcome to the app</body></html>';
  const send = (status: number, type: string, body: string | Buffer) => {
    response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  };
  const file = await readFile(join(models, 'insitu/all-MiniLM-L6-v2', path)).catch(() => undefined);
  const isGraph = path.endsWith('.onnx');
  switch (fault) {
    case 'html-for-everything':
      return send(200, 'text/html; charset=utf-8', page);
    case 'html-as-json':
      return path === 'config.json' ? send(200, 'application/json', page) : sendFile();
    case 'damaged-json':
      return path === 'tokenizer.json' ? send(200, 'application/json', '{"version": ') : sendFile();
    case 'truncated-graph':
      return isGraph && file ? send(200, 'application/octet-stream', file.subarray(0, 1_000_000)) : sendFile();
    case 'broken-connection':
      if (!isGraph || !file) return sendFile();
      response.writeHead(200, { 'Content-Length': file.length });
      response.write(file.subarray(0, 1_000_000), () => response.destroy());
      return;
    case 'stalled':
      if (!isGraph || !file) return sendFile();
      response.writeHead(200, { 'Content-Length': file.length });
      response.write(file.subarray(0, 1_000_000));
      return;
    case 'forbidden':
      return send(401, 'text/plain', 'Invalid username or password.');
    case 'failing':
      return send(503, 'text/plain', 'Overloaded');
    default:
      return send(404, 'text/plain', `Not found: ${request.url}`);
  }

  function sendFile() {
    if (file) send(200, isGraph ? 'application/octet-stream' : 'application/json', file);
    else send(404, 'text/plain', 'Not found');
  }
}
