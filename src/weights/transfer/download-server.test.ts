import { once } from 'node:events';
import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { download } from './download.ts';
import { type Bytes, patternOf, quickRetries } from './file-server.conformance.ts';

// What a stand-in for `fetch` may get wrong: real sockets.

let server: Server;
let url = '';
let answer: RequestListener;

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.onnx`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function start(signal: AbortSignal = new AbortController().signal, write = () => {}) {
  const chunks: Bytes[] = [];
  const promise = download(
    url,
    {
      begin: (_, at) => void (at === 0 && (chunks.length = 0)),
      write(chunk) {
        chunks.push(chunk);
        write();
      },
    },
    { signal, retry: quickRetries },
  );
  promise.catch(() => {});
  return { promise, received: () => Buffer.concat(chunks) };
}

it('a socket that is destroyed again and again is gone on from', async () => {
  const body = Buffer.from(patternOf(900_000));
  const ranges: (string | undefined)[] = [];
  answer = (request, response) => {
    const { range } = request.headers;
    ranges.push(range);
    const from = Number(/\d+/.exec(range ?? '')?.[0] ?? 0);
    response.writeHead(range ? 206 : 200, {
      'Content-Length': body.length - from,
      ...(range && { 'Content-Range': `bytes ${from}-${body.length - 1}/${body.length}` }),
      ETag: '"1"',
    });
    const part = body.subarray(from, from + 300_000);
    response.write(part, () => (from + part.length < body.length ? response.destroy() : response.end()));
  };
  const { promise, received } = start();
  expect(await promise).toMatchObject({ size: body.length, etag: '"1"' });
  expect(received().equals(body)).toBe(true);
  expect(ranges[0]).toBeUndefined();
  expect(ranges.length).toBeGreaterThan(1);
  for (const range of ranges.slice(1)) expect(range).toMatch(/^bytes=\d+-$/);
});

it('a compressed file comes out as it was, and its length is not taken for its size', async () => {
  const text = JSON.stringify({ words: Array(2000).fill('the same') });
  const packed = gzipSync(text);
  answer = (_, response) => {
    response.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': packed.length });
    response.end(packed);
  };
  const { promise, received } = start();
  expect(await promise).toMatchObject({ size: text.length });
  expect(received().toString()).toBe(text);
});

it('a server that nobody can reach is NETWORK', async () => {
  answer = (request) => request.socket.destroy();
  await expect(start().promise).rejects.toMatchObject({
    code: 'NETWORK',
    message: expect.stringContaining(url),
    cause: expect.any(Error),
  });
});

it('an abort ends the request', async () => {
  const controller = new AbortController();
  let closed = Promise.resolve<unknown>(undefined);
  answer = (request, response) => {
    closed = once(request.socket, 'close');
    response.writeHead(200).write(patternOf(1000));
  };
  const { promise } = start(controller.signal, () => controller.abort('enough'));
  await expect(promise).rejects.toBe('enough');
  await closed;
});
