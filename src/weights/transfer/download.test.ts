import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AnswerHead } from './answer.ts';
import { type DownloadOptions, type FileSink, download } from './download.ts';
import { type Bytes, type Fault, createFileServer, patternOf, quickRetries } from './file-server.conformance.ts';

const url = 'https://models.example/org/name/resolve/main/onnx/model.onnx';
const kilobyte = 1024;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function serve(body: Bytes, chunkBytes?: number) {
  const server = createFileServer(chunkBytes);
  server.files.set(url, { body, etag: '"1"' });
  vi.stubGlobal('fetch', server.fetch);
  return server;
}

/** Downloads, and notes what the sink was told. */
function start(options: Partial<DownloadOptions> = {}, sink: Partial<FileSink> = {}, beginning: Bytes = patternOf(0)) {
  let received: number[] = [...beginning];
  const begins: [AnswerHead, number][] = [];
  const promise = download(
    url,
    {
      begin(head, at) {
        begins.push([head, at]);
        if (at === 0) received = [];
        expect(at).toBe(received.length);
        return sink.begin?.(head, at);
      },
      write(chunk) {
        received.push(...chunk);
        return sink.write?.(chunk);
      },
    },
    { signal: new AbortController().signal, retry: quickRetries, ...options },
  );
  promise.catch(() => {});
  return { promise, begins, received: () => Uint8Array.from(received), starts: () => begins.map(([, at]) => at) };
}

describe('a file that arrives', () => {
  it.each([
    ['in pieces', 300],
    ['in one', 10_000],
    ['byte by byte', 1],
  ])('%s, comes out whole', async (_, chunkBytes) => {
    const body = patternOf(1000);
    const { requests } = serve(body, chunkBytes);
    const { promise, begins, received } = start();
    expect(await promise).toEqual({ size: 1000, etag: '"1"', redirected: false });
    expect(received()).toEqual(body);
    expect(begins).toEqual([[{ size: 1000, etag: '"1"', redirected: false }, 0]]);
    expect(requests).toHaveLength(1);
  });

  it('may be empty', async () => {
    serve(patternOf(0));
    const { promise, received, starts } = start();
    expect(await promise).toMatchObject({ size: 0 });
    expect(received()).toHaveLength(0);
    expect(starts()).toEqual([0]);
  });

  it('has the size that it has, where nobody told it', async () => {
    const server = serve(patternOf(1000));
    server.fail({ headers: { 'content-length': '' } });
    const { promise, begins } = start();
    expect(await promise).toMatchObject({ size: 1000 });
    expect(begins[0]![0]).not.toHaveProperty('size');
  });

  it('may be longer than another origin let it seem: its length was that of compressed bytes', async () => {
    const response = new Response(patternOf(1000), { headers: { 'content-length': '10' } });
    vi.stubGlobal('fetch', async () => Object.defineProperty(response, 'type', { value: 'cors' }));
    const { promise, received } = start();
    expect(await promise).toMatchObject({ size: 1000, likelySize: 10 });
    expect(received()).toHaveLength(1000);
  });

  it('waits for a sink that has no room', async () => {
    serve(patternOf(5 * kilobyte), kilobyte);
    let writes = 0;
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { promise } = start({}, { write: () => (++writes === 2 ? gate : undefined) });
    await new Promise((resolve) => setImmediate(resolve));
    expect(writes).toBe(2);
    open();
    await promise;
    expect(writes).toBe(5);
  });
});

describe('a file that is not there', () => {
  it.each([404, 410])('%i gives undefined, and nothing begins', async (status) => {
    const server = serve(patternOf(10));
    server.fail({ status, headers: { 'content-type': 'text/html' } });
    const { promise, begins } = start();
    expect(await promise).toBeUndefined();
    expect(begins).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });
});

describe('a status that is a failure', () => {
  it.each([
    { status: 400, hint: /log/ },
    { status: 401, hint: /private or gated/ },
    { status: 403, hint: /private or gated/ },
  ])('$status is not tried again', async ({ status, hint }) => {
    const server = serve(patternOf(10));
    server.fail({ status });
    await expect(start().promise).rejects.toMatchObject({
      code: 'HTTP_STATUS',
      message: `${url} answered ${status}.`,
      hint: expect.stringMatching(hint),
      retryable: false,
    });
    expect(server.requests).toHaveLength(1);
    expect(await start().promise).toMatchObject({ size: 10 });
  });

  it.each([408, 429, 500, 503])('%i is tried again, up to five times in all', async (status) => {
    const server = serve(patternOf(10));
    server.fail({ status }, { status }, { status }, { status });
    expect(await start().promise).toMatchObject({ size: 10 });
    expect(server.requests).toHaveLength(5);
    server.failAlways({ status });
    const { promise, begins } = start();
    await expect(promise).rejects.toMatchObject({ code: 'HTTP_STATUS', retryable: true });
    expect(begins).toEqual([]);
    expect(server.requests).toHaveLength(10);
  });

  it('that says when to come back is tried again then, and no more where that is too late', async () => {
    vi.useFakeTimers();
    const server = serve(patternOf(10));
    server.fail({ status: 503, headers: { 'retry-after': '20' } });
    const { promise } = start();
    await vi.advanceTimersByTimeAsync(19_999);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await promise).toMatchObject({ size: 10 });
    server.fail({ status: 503, headers: { 'retry-after': '31' } });
    await expect(start().promise).rejects.toMatchObject({ code: 'HTTP_STATUS' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a page in place of a file', () => {
  const serveText = (text: string, headers: Record<string, string> = {}, chunkBytes?: number) => {
    const server = serve(new TextEncoder().encode(text), chunkBytes);
    server.failAlways({ headers });
    return server;
  };

  it.each([
    ['by its type', '{}', { 'content-type': 'text/html' }],
    ['by its doctype', '<!doctype html><title>App</title>', { 'content-type': 'application/json' }],
    ['in capitals', '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">', {}],
    ['without a doctype', '<html lang="en">', {}],
    ['after white space', ' \r\n\t\n<!DOCTYPE html>', {}],
    ['after a byte order mark', '\uFEFF\n<html>', {}],
    ['that is long', `<!doctype html>${'<p>text</p>'.repeat(1000)}`, {}],
  ])('is told %s, in chunks of any size, and no part of it is handed over', async (_, text, headers) => {
    for (const chunkBytes of [1, 5, 100_000]) {
      const { requests } = serveText(text, headers, chunkBytes);
      const { promise, received } = start();
      await expect(promise).rejects.toMatchObject({ code: 'ASSET_IS_HTML', retryable: false });
      expect(received()).toHaveLength(0);
      expect(requests).toHaveLength(1);
    }
  });

  it.each([
    '{"text":"<!doctype html>"}',
    '<htmlx>',
    'html',
    '<!-- a comment -->',
    '<?xml version="1.0"?>',
    `${' '.repeat(256)}<html>`,
  ])('is not taken for one: %j', async (text) => {
    for (const chunkBytes of [1, 255, 100_000]) {
      serveText(text, {}, chunkBytes);
      const { promise, received } = start();
      await promise;
      expect(new TextDecoder().decode(received())).toBe(text);
    }
  });

  it('is not looked for in the middle of a file', async () => {
    const body = new TextEncoder().encode(`{"a":1}<!doctype html>${' '.repeat(300)}`);
    serve(body);
    const { promise, received } = start({ resume: { from: 7, of: {} } }, {}, body.slice(0, 7));
    await promise;
    expect(received()).toEqual(body);
  });
});

describe('a download that goes on where an earlier one ended', () => {
  const body = patternOf(10 * kilobyte);
  const beginning = body.slice(0, 4_000);
  const resume = { from: 4_000, of: { etag: '"1"', size: body.length } };

  it('asks for what is not here, and for nothing else', async () => {
    const { rangesOf } = serve(body);
    const { promise, received, begins } = start({ resume }, {}, beginning);
    expect(await promise).toEqual({ size: body.length, etag: '"1"', redirected: false });
    expect(received()).toEqual(body);
    expect(begins).toEqual([[{ size: body.length, etag: '"1"', redirected: false }, 4_000]]);
    expect(rangesOf(url)).toEqual(['bytes=4000-']);
  });

  it('forgets what was known where it begins anew', async () => {
    const server = serve(body);
    server.fail({ ignoresRange: true, headers: { etag: '' } });
    expect(await start({ resume }, {}, beginning).promise).toEqual({ size: body.length, redirected: false });
  });

  it('needs no byte where only the end was not noticed', async () => {
    const { rangesOf } = serve(body);
    const whole = { from: body.length, of: { etag: '"1"' } };
    const { promise, received, starts } = start({ resume: whole }, {}, body);
    expect(await promise).toEqual({ size: body.length, etag: '"1"', redirected: false });
    expect(received()).toEqual(body);
    expect(starts()).toEqual([body.length]);
    expect(rangesOf(url)).toEqual([`bytes=${body.length}-`]);
  });

  it('keeps what was known where the answer hides it', async () => {
    const server = serve(body);
    server.fail({ headers: { etag: '', 'content-range': '' } });
    expect(await start({ resume }, {}, beginning).promise).toEqual({
      size: body.length,
      etag: '"1"',
      redirected: false,
    });
  });

  it.each<[string, Fault, typeof resume]>([
    ['the file has changed', {}, { ...resume, of: { ...resume.of, etag: '"0"' } }],
    ['the file is shorter now', {}, { from: 20_000, of: { etag: '"1"', size: 30_000 } }],
    ['the server gives no ranges', { ignoresRange: true }, resume],
  ])('begins anew where %s', async (_, fault, from) => {
    const server = serve(body);
    server.fail(fault);
    const { promise, received, starts } = start({ resume: from }, {}, patternOf(from.from));
    expect(await promise).toMatchObject({ size: body.length, etag: '"1"' });
    expect(received()).toEqual(body);
    expect(starts()).toEqual([0]);
  });
});
