import { afterEach, describe, expect, it, vi } from 'vitest';
import { fetchHubPointer } from './hub-pointer.ts';
import { createFileServer } from './file-server.conformance.ts';

const url = 'https://hub.example/org/name/resolve/main/onnx/model.onnx';
const address = 'https://hub.example/org/name/raw/main/onnx/model.onnx';
const sha256 = 'ab'.repeat(32);
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize 133093490\n`;
const proof = { sha256, size: 133093490 };

afterEach(() => vi.unstubAllGlobals());

function serve(text: string) {
  const server = createFileServer(32);
  server.files.set(address, { body: new TextEncoder().encode(text) });
  vi.stubGlobal('fetch', server.fetch);
  return server;
}

const fetchPointer = (of = url, signal = new AbortController().signal) => fetchHubPointer(of, { 'x-key': '1' }, signal);

describe('fetchHubPointer', () => {
  it('asks for the raw file, with the headers of the model, and reads what it says', async () => {
    const { requests } = serve(pointer);
    expect(await fetchPointer()).toEqual(proof);
    expect(requests).toMatchObject([{ method: 'GET', path: address }]);
    expect(requests[0]!.headers.get('x-key')).toBe('1');
  });

  it.each([
    ['is the small file itself', '{"model_type":"bert"}'],
    ['has no size', `oid sha256:${sha256}\n`],
    ['has no SHA-256', 'oid md5:abcd\nsize 12\n'],
    ['has a SHA-256 that is too short', `oid sha256:${sha256.slice(1)}\nsize 12\n`],
    ['has them inside of other text', `"oid sha256:${sha256}" and "size 12"`],
    ['is empty', ''],
  ])('gives nothing where the answer %s', async (_, text) => {
    serve(pointer);
    expect(await fetchPointer()).toEqual(proof);
    serve(text);
    expect(await fetchPointer()).toBeUndefined();
  });

  it('gives nothing of a file that is longer than any pointer, and does not read it to its end', async () => {
    let sent = 0;
    const cancelled = vi.fn();
    const endless = new ReadableStream({
      pull: (stream) => stream.enqueue(new TextEncoder().encode(sent++ === 0 ? pointer : 'more text\n'.repeat(20))),
      cancel: cancelled,
    });
    vi.stubGlobal('fetch', async () => new Response(endless));
    expect(await fetchPointer()).toBeUndefined();
    expect(cancelled).toHaveBeenCalledOnce();
    expect(sent).toBeLessThan(20);
  });

  it('gives nothing where there is no such address to ask', async () => {
    const { requests } = serve(pointer);
    expect(await fetchPointer('https://models.example/onnx/model.onnx')).toBeUndefined();
    expect(requests).toEqual([]);
  });

  it.each([
    ['refuses', { status: 404 }],
    ['fails', { status: 503 }],
    ['is not there', { refuses: true as const }],
    ['breaks off', { cutAt: 32 }],
  ])('gives nothing where the server %s: it is a proof more, not a condition', async (_, fault) => {
    const server = serve(pointer);
    server.fail(fault);
    expect(await fetchPointer()).toBeUndefined();
    expect(server.requests).toHaveLength(1);
    expect(await fetchPointer()).toEqual(proof);
  });

  it('gives nothing when it is aborted', async () => {
    const server = serve(pointer);
    server.fail({ hangAt: 'answer' });
    const controller = new AbortController();
    const fetching = fetchPointer(url, controller.signal);
    expect(server.requests).toHaveLength(1);
    controller.abort();
    expect(await fetching).toBeUndefined();
  });
});
