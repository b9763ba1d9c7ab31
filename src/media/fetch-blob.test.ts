import { afterEach, describe, expect, it, vi } from 'vitest';
import { fetchBlob } from './fetch-blob.ts';

afterEach(() => vi.unstubAllGlobals());

const { signal } = new AbortController();
const address = 'https://site.example/pictures/cat.png?size=2';
const answer = (body: BodyInit | null, init?: ResponseInit) =>
  vi.stubGlobal('fetch', async () => new Response(body, init));
const fetched = (url: string, given = signal) => fetchBlob(url, 'The input', given);

describe('fetchBlob', () => {
  it('gives a file with the name and the type that the server tells', async () => {
    answer('bytes', { headers: { 'content-type': 'image/png' } });
    const file = await fetched(address);
    expect(file).toMatchObject({ name: 'cat.png', type: 'image/png' });
    expect(await file.text()).toBe('bytes');
  });

  it.each([
    [404, false],
    [403, false],
    [429, true],
    [503, true],
  ])('tells of status %i', async (status, retryable) => {
    answer('no', { status });
    await expect(fetched(address)).rejects.toMatchObject({
      code: 'HTTP_STATUS',
      message: `${address} answered ${status}.`,
      retryable,
    });
  });

  it('tells of a page in place of a picture', async () => {
    answer('<!doctype html>', { headers: { 'content-type': 'text/html; charset=utf-8' } });
    await expect(fetched(address)).rejects.toMatchObject({ code: 'ASSET_IS_HTML' });
  });

  it.each([
    [true, 'NETWORK'],
    [false, 'OFFLINE'],
  ])('tells of a broken connection: online is %s', async (onLine, code) => {
    const cause = new TypeError('Failed to fetch');
    vi.stubGlobal('navigator', { onLine });
    vi.stubGlobal('fetch', () => Promise.reject(cause));
    await expect(fetched(address)).rejects.toMatchObject({ code, retryable: true, cause });
  });

  it('tells of a connection that breaks within the body', async () => {
    answer(new ReadableStream({ start: (controller) => controller.error(new TypeError('network error')) }));
    await expect(fetched(address)).rejects.toMatchObject({ code: 'NETWORK' });
  });

  it('rejects with the reason of its signal, not with what fetch makes of it', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new DOMException('aborted', 'AbortError')));
    await expect(fetched(address, AbortSignal.abort('enough'))).rejects.toBe('enough');
  });

  it.each([
    ['data:image/png;base64,AAEC/w==', 'image/png', [0, 1, 2, 255]],
    ['data:audio/wav;codecs=1;base64,AAEC', 'audio/wav;codecs=1', [0, 1, 2]],
    ['data:image/png;base64,AAEC%2Fw%3D%3D', 'image/png', [0, 1, 2, 255]],
    ['data:image/svg+xml,%3Csvg/%3E', 'image/svg+xml', [...new TextEncoder().encode('<svg/>')]],
    ['data:application/octet-stream,%00%ff', 'application/octet-stream', [0, 255]],
  ])('reads %s without a fetch, which a policy may refuse', async (url, type, bytes) => {
    vi.stubGlobal('fetch', () => Promise.reject(new Error('refused')));
    const file = await fetched(url);
    expect(file.type).toBe(type);
    expect([...new Uint8Array(await file.arrayBuffer())]).toEqual(bytes);
  });

  it.each(['data:image/png;base64', 'data:image/png;base64,***', 'http://', 'a/relative/path/without/a/page'])(
    'refuses %s',
    async (url) => {
      await expect(fetched(url)).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        message: expect.stringContaining('The input'),
      });
    },
  );
});
