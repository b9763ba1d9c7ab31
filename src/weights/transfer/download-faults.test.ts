import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DownloadOptions, type FileSink, download } from './download.ts';
import { type Bytes, createFileServer, patternOf, quickRetries } from './file-server.conformance.ts';

const url = 'https://models.example/org/name/resolve/main/onnx/model.onnx';
const kilobyte = 1024;
const body = patternOf(500 * kilobyte);

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function serve(chunkBytes?: number) {
  const server = createFileServer(chunkBytes);
  server.files.set(url, { body, etag: '"1"' });
  vi.stubGlobal('fetch', server.fetch);
  return server;
}

function start(options: Partial<DownloadOptions> = {}, { begin, write }: Partial<FileSink> = {}) {
  const chunks: Bytes[] = [];
  const starts: number[] = [];
  const promise = download(
    url,
    {
      begin(head, at) {
        starts.push(at);
        if (at === 0) chunks.length = 0;
        return begin?.(head, at);
      },
      write(chunk) {
        chunks.push(chunk);
        return write?.(chunk);
      },
    },
    { signal: new AbortController().signal, retry: quickRetries, ...options },
  );
  promise.catch(() => {});
  return { promise, starts, received: () => Buffer.concat(chunks) };
}

const arrived = (received: () => Buffer) => expect(received().equals(body)).toBe(true);

describe('a connection that breaks', () => {
  it.each([1, 255, 256, 257, 100_000, body.length - 1])('after %i bytes is made again from there', async (cutAt) => {
    const server = serve();
    server.fail({ cutAt });
    const { promise, received, starts } = start();
    expect(await promise).toEqual({ size: body.length, etag: '"1"', redirected: false });
    arrived(received);
    // What is too short to tell that it is no page was not handed over.
    const taken = cutAt < 256 ? 0 : cutAt;
    expect(server.rangesOf(url)).toEqual(['whole', taken === 0 ? 'whole' : `bytes=${taken}-`]);
    expect(starts).toEqual([0, taken]);
  });

  it('before its first byte is made again', async () => {
    const server = serve();
    server.fail({ refuses: true }, { cutAt: 0 }, { status: 503 });
    const { promise, received } = start();
    await promise;
    arrived(received);
  });

  it('is not given up while it brings 64 kB each time', async () => {
    const server = serve(kilobyte);
    server.failAlways({ cutAt: 64 * kilobyte });
    const { promise, received } = start();
    await promise;
    arrived(received);
    expect(server.requests).toHaveLength(8);
  });

  it('is given up where five of them bring less than 64 kB', async () => {
    const server = serve(kilobyte);
    server.failAlways({ cutAt: 12 * kilobyte });
    const { promise, received } = start();
    await expect(promise).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('arriving'),
      retryable: true,
      cause: expect.any(TypeError),
    });
    expect(server.requests).toHaveLength(5);
    expect(received()).toHaveLength(5 * 12 * kilobyte);
  });

  it('is given up where it brings the same again and again: that is no progress', async () => {
    const server = serve(kilobyte);
    server.failAlways({ cutAt: 100 * kilobyte, ignoresRange: true });
    await expect(start().promise).rejects.toMatchObject({ code: 'NETWORK' });
    expect(server.requests).toHaveLength(5);
  });

  it('is given up at once in a browser that is offline', async () => {
    const server = serve();
    server.failAlways({ cutAt: 1000 });
    vi.stubGlobal('navigator', { onLine: false });
    await expect(start().promise).rejects.toMatchObject({ code: 'OFFLINE', retryable: true });
    expect(server.requests).toHaveLength(1);
  });

  it('begins anew where the file has changed in between', async () => {
    const server = serve();
    const changed = patternOf(400_000, 1);
    server.fail({ cutAt: 100_000 });
    const { promise, received, starts } = start(
      {},
      { write: () => void server.files.set(url, { body: changed, etag: '"2"' }) },
    );
    expect(await promise).toMatchObject({ size: 400_000, etag: '"2"' });
    expect(received().equals(changed)).toBe(true);
    expect(starts).toEqual([0, 0]);
  });

  it('begins anew where the server gives no ranges', async () => {
    const server = serve();
    server.fail({ cutAt: 100_000 }, { ignoresRange: true });
    const { promise, received, starts } = start();
    await promise;
    arrived(received);
    expect(starts).toEqual([0, 0]);
  });

  it('finds the file gone', async () => {
    const server = serve();
    server.fail({ cutAt: 100_000 }, { status: 404 });
    expect(await start().promise).toBeUndefined();
  });
});

describe('a file that is shorter than announced', () => {
  it('is gone on with', async () => {
    const server = serve();
    server.fail({ endAt: 100_000 }, { endAt: 100_000 });
    const { promise, received } = start();
    await promise;
    arrived(received);
    expect(server.rangesOf(url)).toEqual(['whole', 'bytes=100000-', 'bytes=200000-']);
  });

  it('and stays so is NETWORK, with both sizes', async () => {
    const server = serve();
    server.failAlways({ endAt: 1000 });
    await expect(start().promise).rejects.toMatchObject({
      code: 'NETWORK',
      message: `${url} ended after 5000 of ${body.length} bytes.`,
    });
  });
});

describe('a connection that brings nothing', () => {
  const rules = { ...quickRetries, retries: 0 };

  it.each(['answer', 0, 100_000] as const)('after 20 s, with nothing since: %s, is broken', async (hangAt) => {
    vi.useFakeTimers();
    const server = serve();
    server.fail({ hangAt });
    const { promise, received } = start();
    await vi.advanceTimersByTimeAsync(19_000);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    await promise;
    arrived(received);
    expect(server.rangesOf(url)).toEqual(['whole', hangAt === 100_000 ? 'bytes=100000-' : 'whole']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('and that is all that comes of it is NETWORK', async () => {
    vi.useFakeTimers();
    serve().failAlways({ hangAt: 1000 });
    const { promise } = start({ retry: rules, stallMs: 5000 });
    await vi.advanceTimersByTimeAsync(6000);
    await expect(promise).rejects.toMatchObject({ code: 'NETWORK', message: `${url} brought nothing for 5 s.` });
  });

  it('for less than that, again and again, is only slow', async () => {
    vi.useFakeTimers();
    serve(kilobyte);
    const slow = () => new Promise<void>((resolve) => void setTimeout(resolve, 4000));
    const { promise, received } = start({ retry: rules, stallMs: 5000 }, { write: slow });
    await vi.advanceTimersByTimeAsync(500 * 4000);
    await promise;
    arrived(received);
  });

  it('because the sink has no room is not broken', async () => {
    vi.useFakeTimers();
    const server = serve(100 * kilobyte);
    const full = () => new Promise<void>((resolve) => void setTimeout(resolve, 60_000));
    const { promise, received } = start({ retry: rules }, { write: full });
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    await promise;
    arrived(received);
    expect(server.requests).toHaveLength(1);
  });

  it('is not watched for after the end', async () => {
    vi.useFakeTimers();
    serve();
    await start().promise;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a sink that fails', () => {
  it('ends the download with its error, and the connection', async () => {
    const cancel = vi.fn();
    const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(kilobyte)), cancel });
    const fetched = vi.fn(async () => new Response(endless));
    vi.stubGlobal('fetch', fetched);
    const failure = new Error('disk');
    const failing = () => {
      throw failure;
    };
    await expect(start({}, { write: failing }).promise).rejects.toBe(failure);
    expect(cancel).toHaveBeenCalledOnce();
    expect(fetched).toHaveBeenCalledOnce();
  });

  it('for want of memory is OUT_OF_MEMORY, not a matter of the network', async () => {
    const server = serve();
    const begin = () => void new Uint8Array(2 ** 52);
    await expect(start({}, { begin }).promise).rejects.toMatchObject({
      code: 'OUT_OF_MEMORY',
      message: expect.stringContaining(`${url}: ${body.length} bytes`),
      retryable: false,
      cause: expect.any(RangeError),
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe('an abort', () => {
  const reason = new Error('changed my mind');

  it('before the request asks for nothing', async () => {
    const server = serve();
    await expect(start({ signal: AbortSignal.abort(reason) }).promise).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
    await start().promise;
  });

  it('before the answer rejects with the very reason', async () => {
    const server = serve();
    server.fail({ hangAt: 'answer' });
    const controller = new AbortController();
    const { promise } = start({ signal: controller.signal });
    controller.abort(reason);
    await expect(promise).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  it('in the middle rejects with the very reason, after what had arrived was handed over', async () => {
    const server = serve();
    server.fail({ hangAt: 100_000 });
    const controller = new AbortController();
    let taken = 0;
    const { promise, received } = start(
      { signal: controller.signal },
      { write: ({ length }) => void ((taken += length) === 100_000 && controller.abort(reason)) },
    );
    await expect(promise).rejects.toBe(reason);
    expect(received().equals(body.subarray(0, 100_000))).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  it('in a pause between two connections rejects at once', async () => {
    vi.useFakeTimers();
    const server = serve();
    server.fail({ status: 503, headers: { 'retry-after': '20' } });
    const controller = new AbortController();
    const { promise } = start({ signal: controller.signal });
    await vi.advanceTimersByTimeAsync(5000);
    controller.abort(reason);
    await expect(promise).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('while the sink has no room rejects when it has', async () => {
    serve();
    const controller = new AbortController();
    const { promise } = start(
      { signal: controller.signal },
      {
        async write() {
          controller.abort(reason);
        },
      },
    );
    await expect(promise).rejects.toBe(reason);
  });
});
