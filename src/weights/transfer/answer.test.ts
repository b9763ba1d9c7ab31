import { afterEach, describe, expect, it, vi } from 'vitest';
import { type FileRequest, askForFile, askForHead } from './answer.ts';
import { type FileServer, createFileServer, patternOf } from './file-server.conformance.ts';

const url = 'https://models.example/org/name/resolve/main/onnx/model.onnx';
const body = patternOf(1000);
const lastModified = 'Sun, 22 Nov 2026 10:00:00 GMT';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function serve(file: Partial<NonNullable<ReturnType<FileServer['files']['get']>>> = {}): FileServer {
  const server = createFileServer();
  server.files.set(url, { body, etag: '"1"', ...file });
  vi.stubGlobal('fetch', server.fetch);
  return server;
}

/** A server whose next answer has this status and these headers. */
function serveStatus(status: number, headers: Record<string, string> = {}): void {
  serve().fail({ status, headers });
}

const live = () => new AbortController().signal;
const ask = (request: Partial<FileRequest> = {}) => askForFile({ url, signal: live(), ...request });
const askHead = () => askForHead({ url, signal: live() });

async function read(answer: Awaited<ReturnType<typeof ask>>): Promise<number[]> {
  return [...new Uint8Array(await new Response(answer!.body).arrayBuffer())];
}

describe('askForFile', () => {
  it('gives the whole file and what is said of it', async () => {
    const { requests } = serve({ lastModified });
    const answer = await ask({ headers: { authorization: 'Bearer abc' } });
    expect(answer).toMatchObject({ start: 0, ranged: false });
    expect(answer!.head).toEqual({ size: 1000, etag: '"1"', lastModified, redirected: false });
    expect(await read(answer)).toEqual([...body]);
    expect(requests).toMatchObject([{ method: 'GET', range: undefined }]);
    expect(requests[0]!.headers.get('authorization')).toBe('Bearer abc');
  });

  it('leaves the cache of the browser out: it would keep a second copy', async () => {
    const fetched = vi.fn(async () => new Response('abc'));
    vi.stubGlobal('fetch', fetched);
    await ask();
    expect(fetched).toHaveBeenCalledWith(url, expect.objectContaining({ cache: 'no-store' }));
  });

  it.each([
    [{ from: 990 }, 'bytes=990-', 990, 1000],
    [{ from: 10, to: 20 }, 'bytes=10-19', 10, 20],
    [{ to: 5 }, 'bytes=0-4', 0, 5],
  ])('gives a range: %o', async (request, range, start, end) => {
    const { requests } = serve();
    const answer = await ask(request);
    expect(answer).toMatchObject({ start, ranged: true, head: { size: 1000, etag: '"1"' } });
    expect(await read(answer)).toEqual([...body.subarray(start, end)]);
    expect(requests).toMatchObject([{ range }]);
  });

  it('gives an answer without a body as an empty file', async () => {
    vi.stubGlobal('fetch', async () => new Response(null, { headers: { 'content-length': '0' } }));
    const answer = await ask();
    expect(answer!.head.size).toBe(0);
    expect(await read(answer)).toEqual([]);
  });
});

describe('what is said of a file', () => {
  const sha256 = '0a'.repeat(32);

  it('is the SHA-256 and the commit, where the Hub tells them', async () => {
    serve({ headers: { 'x-linked-etag': `"${sha256}"`, 'x-repo-commit': 'c0ffee' } });
    expect((await ask())!.head).toMatchObject({ sha256, commit: 'c0ffee' });
    expect(await askHead()).toMatchObject({ sha256, commit: 'c0ffee' });
  });

  it.each(['"abc"', `"${sha256.toUpperCase()}"`, `W/"${sha256}"`, `"${sha256}0"`])(
    'is no SHA-256 where X-Linked-ETag is %s',
    async (etag) => {
      serve({ headers: { 'x-linked-etag': etag } });
      expect((await ask())!.head).not.toHaveProperty('sha256');
    },
  );

  it('is that another origin answered, and not that another path did', async () => {
    serve({ redirectedTo: 'https://cdn.example/abc' });
    expect((await ask())!.head.redirected).toBe(true);
    serve({ redirectedTo: 'https://models.example/other' });
    expect((await ask())!.head.redirected).toBe(false);
  });

  it('is no size where the body is compressed: the length is that of other bytes', async () => {
    serve({ headers: { 'content-encoding': 'gzip' } });
    expect((await ask())!.head).toEqual({ etag: '"1"', redirected: false });
  });

  it('is no size where no header tells', async () => {
    serve({ headers: { 'content-length': '' } });
    expect((await ask())!.head).toEqual({ etag: '"1"', redirected: false });
  });

  it('is a likely size where another origin may hide that the body is compressed', async () => {
    const response = new Response('abc', { headers: { 'content-length': '3' } });
    vi.stubGlobal('fetch', async () => Object.defineProperty(response, 'type', { value: 'cors' }));
    expect((await ask())!.head).toEqual({ likelySize: 3, redirected: false });
  });

  it('is no size where a range does not tell of what', async () => {
    serve({ headers: { 'content-range': 'bytes 10-999/*' } });
    expect((await ask({ from: 10 }))!.head).toEqual({ etag: '"1"', redirected: false });
  });
});

describe('a range that does not fit what is here', () => {
  const known = { etag: '"1"', size: 1000, lastModified };

  it('is a control: one that fits goes on', async () => {
    const { requests } = serve({ lastModified });
    expect(await ask({ from: 10, of: known })).toMatchObject({ start: 10, ranged: true });
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['has another ETag', { etag: '"2"' }],
    ['has another size', { headers: { 'content-range': 'bytes 10-999/1001' } }],
    ['begins elsewhere', { headers: { 'content-range': 'bytes 0-999/1000' } }],
    ['has another date, and no ETag', { etag: '', lastModified: 'Sun, 22 Nov 2026 11:00:00 GMT' }],
  ])('because it %s is asked for again, whole', async (_, file) => {
    const { rangesOf } = serve(file);
    const answer = await ask({ from: 10, of: known, headers: { 'x-key': '1' } });
    expect(answer).toMatchObject({ start: 0, ranged: false });
    expect((await read(answer)).length).toBe(1000);
    expect(rangesOf(url)).toEqual(['bytes=10-', 'whole']);
  });

  it.each<[string, number, NonNullable<FileRequest['of']>, object]>([
    ['it is behind the end', 1001, known, {}],
    ['nothing is missing, but of another version', 1000, { ...known, etag: '"0"' }, {}],
    ['nothing is missing, but of a longer version', 1000, { ...known, size: 2000 }, {}],
    ['nothing is said of the end', 1000, known, { headers: { 'content-range': '' } }],
  ])('because %s (416) is asked for again, whole', async (_, from, of, file) => {
    const { rangesOf } = serve(file);
    const answer = await ask({ from, of });
    expect(answer).toMatchObject({ start: 0, ranged: false });
    expect(await read(answer)).toEqual([...body]);
    expect(rangesOf(url)).toEqual([`bytes=${from}-`, 'whole']);
  });

  it.each([known, { etag: '"1"' }, {}])('because nothing is missing (416) is the end of the file: %o', async (of) => {
    const { rangesOf } = serve();
    const answer = await ask({ from: 1000, of });
    expect(answer).toMatchObject({ start: 1000, ranged: true, head: { size: 1000, etag: '"1"' } });
    expect(await read(answer)).toEqual([]);
    expect(rangesOf(url)).toEqual(['bytes=1000-']);
  });

  it('because the server gives none starts anew, with one request', async () => {
    const server = serve();
    server.failAlways({ ignoresRange: true });
    expect(await ask({ from: 10, of: known })).toMatchObject({ start: 0, ranged: false });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['only the date differs', { lastModified: 'Sun, 22 Nov 2026 11:00:00 GMT' }, known],
    ['another origin hides everything', { headers: { etag: '', 'content-range': '' } }, known],
    ['nothing was known', {}, {}],
  ])('is none where %s', async (_, file, of) => {
    serve(file);
    expect(await ask({ from: 10, of })).toMatchObject({ start: 10, ranged: true });
  });
});

describe('If-Range', () => {
  const condition = async (of: NonNullable<FileRequest['of']>, from = 10) => {
    const { requests } = serve();
    await ask({ from, of });
    return requests[0]!.headers.get('if-range');
  };

  it.each([
    ['the ETag', { etag: '"1"', lastModified }, '"1"'],
    ['the date where the ETag is weak', { etag: 'W/"1"', lastModified }, lastModified],
    ['the date where there is no ETag', { lastModified }, lastModified],
    ['nothing where nothing is known', {}, null],
    ['nothing where the ETag is weak and there is no date', { etag: 'W/"1"' }, null],
  ])('is %s', async (_, of, expected) => {
    vi.stubGlobal('location', { origin: 'https://models.example' });
    expect(await condition(of)).toBe(expected);
  });

  it('is not sent with a request for all', async () => {
    vi.stubGlobal('location', { origin: 'https://models.example' });
    expect(await condition({ etag: '"1"' }, 0)).toBeNull();
  });

  it('is not sent to another origin: it would cost a preflight', async () => {
    vi.stubGlobal('location', { origin: 'https://app.example' });
    expect(await condition({ etag: '"1"' })).toBeNull();
  });
});

describe('a failure', () => {
  it.each([404, 410])('%i is no file, for both', async (status) => {
    serveStatus(status, { 'content-type': 'text/html' });
    expect(await ask()).toBeUndefined();
    serveStatus(status);
    expect(await askHead()).toBeUndefined();
  });

  it.each([400, 401, 403, 405, 451])('%i is for good', async (status) => {
    serveStatus(status);
    await expect(ask()).rejects.toMatchObject({ code: 'HTTP_STATUS', retryable: false });
    serveStatus(status);
    await expect(askHead()).rejects.toMatchObject({ code: 'HTTP_STATUS', retryable: false });
  });

  it.each([408, 429, 500, 502, 503, 504])('%i passes', async (status) => {
    serveStatus(status);
    await expect(ask()).rejects.toMatchObject({
      name: 'PassingFailure',
      waitMs: undefined,
      error: { code: 'HTTP_STATUS', message: `${url} answered ${status}.`, retryable: true },
    });
    serveStatus(status);
    await expect(askHead()).rejects.toMatchObject({ code: 'HTTP_STATUS', retryable: true });
  });

  it.each([
    ['7', 7000],
    ['0', 0],
    ['Sun, 22 Nov 2026 10:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['soon', undefined],
  ])('tells how long the server wants to be left alone: Retry-After %s', async (value, waitMs) => {
    vi.useFakeTimers({ now: Date.parse(lastModified), toFake: ['Date'] });
    serveStatus(503, { 'retry-after': value });
    await expect(ask()).rejects.toMatchObject({ name: 'PassingFailure', waitMs });
  });

  it.each(['text/html', 'text/html; charset=utf-8'])('is a page: %s', async (type) => {
    serve({ headers: { 'content-type': type } });
    await expect(ask()).rejects.toMatchObject({ code: 'ASSET_IS_HTML' });
    await expect(askHead()).rejects.toMatchObject({ code: 'ASSET_IS_HTML' });
  });

  it('of the connection passes', async () => {
    serve().fail({ refuses: true }, { refuses: true });
    await expect(ask()).rejects.toMatchObject({
      name: 'PassingFailure',
      error: { code: 'NETWORK', retryable: true, cause: expect.any(TypeError) },
    });
    await expect(askHead()).rejects.toMatchObject({ code: 'NETWORK' });
  });

  it('of the connection is OFFLINE in a browser that knows it', async () => {
    vi.stubGlobal('navigator', { onLine: false });
    serve().fail({ refuses: true });
    await expect(ask()).rejects.toMatchObject({ error: { code: 'OFFLINE', retryable: true } });
  });

  it('does not leave a body behind that nobody reads', async () => {
    const cancel = vi.fn();
    const answers: [number, Record<string, string>][] = [
      [403, {}],
      [404, { 'content-type': 'text/html' }],
      [416, {}],
      [416, { 'content-range': 'bytes */10' }],
      [200, { 'content-type': 'text/html' }],
    ];
    for (const [status, headers] of answers) {
      serve();
      const { fetch } = globalThis;
      const bad = new Response(new ReadableStream({ cancel }), { status, headers });
      vi.stubGlobal('fetch', vi.fn(fetch).mockResolvedValueOnce(bad));
      await ask({ from: 10 }).catch(() => {});
    }
    expect(cancel).toHaveBeenCalledTimes(answers.length);
  });
});

it.each(['before', 'while'])('an abort %s it waits rejects with the reason', async (when) => {
  const controller = new AbortController();
  serve().fail({ hangAt: 'answer' }, { hangAt: 'answer' });
  if (when === 'before') controller.abort('enough');
  const asking = [askForFile({ url, signal: controller.signal }), askForHead({ url, signal: controller.signal })];
  controller.abort('enough');
  for (const each of asking) await expect(each).rejects.toBe('enough');
});
