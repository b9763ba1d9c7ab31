import { once } from 'node:events';
import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { download } from './download.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const megabyte = 1024 * 1024;

/** Bytes in which every part differs from every other. */
const patternOf = (size: number) => Uint8Array.from({ length: size }, (_, index) => index * 31 + (index >>> 12));
const equal = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

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
afterEach(() => vi.unstubAllGlobals());

/** Answers with a body, whose size is told unless it comes in several pieces. */
const send =
  (status: number, headers: Record<string, string>, ...pieces: (string | Uint8Array)[]): RequestListener =>
  async (_, response) => {
    const [only = ''] = pieces;
    response.writeHead(status, {
      ...(pieces.length < 2 && { 'Content-Length': Buffer.byteLength(only) }),
      ...headers,
    });
    for (const piece of pieces) await new Promise<void>((resolve) => response.write(piece, () => resolve()));
    response.end();
  };

/** A body that arrives in these pieces; on its way from a real server they may be joined. */
const streamOf = (...pieces: string[]) =>
  new ReadableStream({
    start(stream) {
      for (const piece of pieces) stream.enqueue(new TextEncoder().encode(piece));
      stream.close();
    },
  });

/** Downloads from the server, and notes what it was told on the way. */
function start(signal: AbortSignal = new AbortController().signal, from = url) {
  const heads: number[] = [];
  const parts: Bytes[] = [];
  const counts: number[] = [];
  const promise = download(from, {
    signal,
    onHead: (total) => heads.push(total),
    onBytes: (count) => counts.push(count),
    // The writer may be slow: a part must stay what it was.
    onPart: (part) => parts.push(part),
  });
  promise.catch(() => {});
  return { promise, heads, parts, received: () => counts.reduce((sum, count) => sum + count, 0) };
}

const binary = { 'Content-Type': 'application/octet-stream' };

describe('a file that arrives', () => {
  it.each([
    ['with its size told', (bytes: Bytes) => [bytes]],
    ['in pieces, without', (bytes: Bytes) => [bytes.subarray(0, 3 * megabyte), bytes.subarray(3 * megabyte)]],
  ])('%s, comes out whole, and in parts of 4 MB', async (_, pieces) => {
    const bytes = patternOf(9 * megabyte + 5);
    answer = send(200, binary, ...pieces(bytes));
    const { promise, heads, parts, received } = start();
    expect(equal((await promise)!, bytes)).toBe(true);
    expect(heads).toEqual([pieces(bytes).length === 1 ? bytes.length : 0]);
    expect(parts.map((part) => part.length)).toEqual([4 * megabyte, 4 * megabyte, megabyte + 5]);
    expect(equal(Buffer.concat(parts), bytes)).toBe(true);
    expect(received()).toBe(bytes.length);
  });

  it('fills its memory, so that a reader may take the buffer for the file', async () => {
    vi.stubGlobal('fetch', async () => new Response(streamOf('abcd', 'e')));
    const bytes = (await start().promise)!;
    expect(bytes.buffer.byteLength).toBe(5);
  });

  it('may be compressed: its length is that of other bytes, and not told', async () => {
    const text = JSON.stringify({ words: Array(2000).fill('the same') });
    answer = send(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, gzipSync(text));
    const { promise, heads, received } = start();
    expect(new TextDecoder().decode(await promise)).toBe(text);
    expect(heads).toEqual([0]);
    expect(received()).toBe(text.length);
  });

  it('may be compressed without a word of it, as from another origin that does not expose the header', async () => {
    const body = patternOf(1000);
    vi.stubGlobal('fetch', async () => new Response(body, { headers: { 'content-length': '10' } }));
    const { promise, heads } = start();
    expect(equal((await promise)!, body)).toBe(true);
    expect(heads).toEqual([10]);
  });

  it('may be empty', async () => {
    answer = send(200, binary, '');
    const { promise, heads, parts } = start();
    expect(await promise).toHaveLength(0);
    expect({ heads, parts }).toEqual({ heads: [0], parts: [] });
  });
});

describe('a file that is not there', () => {
  it.each([404, 410])('%i gives undefined, also as a page, and no head', async (status) => {
    answer = send(status, { 'Content-Type': 'text/html' }, '<!doctype html>Not found');
    const { promise, heads } = start();
    expect(await promise).toBeUndefined();
    expect(heads).toEqual([]);
  });
});

describe('a status that is a failure', () => {
  it.each([
    { status: 400, retryable: false, hint: /log/ },
    { status: 401, retryable: false, hint: /private or gated/ },
    { status: 403, retryable: false, hint: /private or gated/ },
    { status: 429, retryable: true, hint: /log/ },
    { status: 500, retryable: true, hint: /log/ },
    { status: 503, retryable: true, hint: /log/ },
  ])('$status, retryable: $retryable', async ({ status, retryable, hint }) => {
    answer = send(status, binary, 'a body that nobody needs');
    const { promise, heads } = start();
    await expect(promise).rejects.toMatchObject({
      code: 'HTTP_STATUS',
      message: `${url} answered ${status}.`,
      hint: expect.stringMatching(hint),
      retryable,
    });
    expect(heads).toEqual([]);
  });
});

describe('a page in place of a file', () => {
  it.each([
    ['by its type', 'text/html', '{}'],
    ['by its type with a charset', 'text/html; charset=utf-8', '{}'],
    ['by its doctype', 'application/json', '<!doctype html><title>App</title>'],
    ['in capitals', 'application/octet-stream', '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">'],
    ['without a doctype', 'application/octet-stream', '<html lang="en">'],
    ['after white space', 'application/json', ' \r\n\t\n<!DOCTYPE html>'],
    ['after a byte order mark', 'application/json', '\uFEFF\n<html>'],
  ])('is told %s, and no part of it is handed over', async (_, type, body) => {
    answer = send(200, { 'Content-Type': type }, body);
    const { promise, parts } = start();
    await expect(promise).rejects.toMatchObject({
      code: 'ASSET_IS_HTML',
      message: expect.stringContaining(url),
      retryable: false,
    });
    expect(parts).toEqual([]);
  });

  it.each([
    ['torn in its first word', ['<!DOC', 'TYPE html><title>App</title>']],
    ['after an empty line', ['\n', '<!doctype html><title>App</title>']],
  ])('is told %s, as a server that streams sends it', async (_, pieces) => {
    vi.stubGlobal('fetch', async () => new Response(streamOf(...pieces)));
    await expect(start().promise).rejects.toMatchObject({ code: 'ASSET_IS_HTML' });
  });

  it.each(['{"text":"<!doctype html>"}', '<htmlx>', 'html', '<!-- a comment -->', '<?xml version="1.0"?>'])(
    'is not taken for one: %s',
    async (body) => {
      answer = send(200, binary, body);
      expect(new TextDecoder().decode(await start().promise)).toBe(body);
    },
  );
});

describe('a connection that fails', () => {
  it('before the answer is NETWORK', async () => {
    answer = (request) => request.socket.destroy();
    await expect(start().promise).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining(url),
      retryable: true,
      cause: expect.any(Error),
    });
  });

  it('because nobody listens is NETWORK', async () => {
    await expect(start(undefined, 'http://127.0.0.1:9/model.onnx').promise).rejects.toMatchObject({ code: 'NETWORK' });
  });

  it('while the browser is offline is OFFLINE', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    await expect(start(undefined, 'http://127.0.0.1:9/model.onnx').promise).rejects.toMatchObject({
      code: 'OFFLINE',
      retryable: true,
    });
  });

  it('in the middle is NETWORK, after what had arrived was told', async () => {
    answer = (_, response) => {
      response.writeHead(200, { ...binary, 'Content-Length': 5000 });
      response.write(patternOf(1000), () => response.destroy());
    };
    const { promise, heads, parts } = start();
    await expect(promise).rejects.toMatchObject({ code: 'NETWORK', message: expect.stringContaining('arriving') });
    expect({ heads, parts }).toEqual({ heads: [5000], parts: [] });
  });

  it('by an early end is NETWORK', async () => {
    answer = (_, response) => {
      response.writeHead(200, { ...binary, 'Content-Length': 5000, Connection: 'close' });
      response.end(patternOf(1000));
    };
    await expect(start().promise).rejects.toMatchObject({ code: 'NETWORK', retryable: true });
  });

  it('by an early end that the platform does not notice is NETWORK, with both sizes', async () => {
    vi.stubGlobal('fetch', async () => new Response(patternOf(1000), { headers: { 'content-length': '5000' } }));
    const { promise, parts } = start();
    await expect(promise).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('1000 of 5000 bytes'),
    });
    expect(parts).toEqual([]);
  });
});

it('a file that is larger than memory is OUT_OF_MEMORY, not a matter of the network', async () => {
  vi.stubGlobal('fetch', async () => new Response('x', { headers: { 'content-length': String(2 ** 52) } }));
  await expect(start().promise).rejects.toMatchObject({ code: 'OUT_OF_MEMORY', retryable: false });
});

describe('an abort', () => {
  it('before the request rejects with the reason of the signal', async () => {
    await expect(start(AbortSignal.abort('before')).promise).rejects.toBe('before');
  });

  it.each([
    ['before the answer', () => {}],
    ['in the middle', (response: { write(chunk: Uint8Array): void }) => response.write(patternOf(1000))],
  ])('%s rejects with the very reason, and ends the request', async (_, begin) => {
    let closed = Promise.resolve<unknown>(undefined);
    const asked = new Promise<void>((resolve) => {
      answer = (request, response) => {
        closed = once(request.socket, 'close');
        begin(response);
        resolve();
      };
    });
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    const { promise, received } = start(controller.signal);
    await asked;
    if (begin.length > 0) await vi.waitFor(() => expect(received()).toBeGreaterThan(0));
    controller.abort(reason);
    await expect(promise).rejects.toBe(reason);
    await closed;
  });
});
