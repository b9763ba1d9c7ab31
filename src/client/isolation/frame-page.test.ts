import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchScript } from './fetch-asset.ts';
import { fetchFramePage } from './frame-page.ts';

const url = 'https://app.example/dist/isolated-frame.html';
const elsewhere = 'https://cdn.example/insitu/isolated-frame.html';
const ours = '<!doctype html><script type="text/plain" id="worker">code</script>';
const { signal } = new AbortController();

beforeEach(() => vi.stubGlobal('location', { origin: 'https://app.example' }));
afterEach(() => vi.unstubAllGlobals());

function serve(body: string, headers: Record<string, string> = {}, status = 200) {
  const asked = vi.fn(async () => new Response(body, { status, headers: { 'Content-Type': 'text/html', ...headers } }));
  vi.stubGlobal('fetch', asked);
  return asked;
}

describe('the page of a frame', () => {
  it('is shown by its address where that is of the same origin, else by its text', async () => {
    serve(ours);
    expect(await fetchFramePage(url, signal)).toMatchObject({ url, text: undefined, doubtful: false });
    expect(await fetchFramePage(elsewhere, signal)).toMatchObject({ text: ours, doubtful: true });
  });

  it('that another stands for, as servers of single-page applications send, is not shown', async () => {
    serve('<!doctype html><title>The application</title>');
    await expect(fetchFramePage(url, signal)).rejects.toMatchObject({
      code: 'WORKER_START_FAILED',
      message: expect.stringContaining(url),
      hint: expect.stringContaining('dist'),
    });
  });

  it('that is missing is missing', async () => {
    serve('Not found', {}, 404);
    await expect(fetchFramePage(url, signal)).rejects.toMatchObject({
      code: 'WORKER_START_FAILED',
      message: expect.stringContaining('404'),
    });
  });
});

describe('a frame that did not start', () => {
  const failure = async (headers: Record<string, string>, address = url) => {
    serve(ours, headers);
    return (await fetchFramePage(address, signal)).failure(new Error('the cause'));
  };

  it.each([
    ['Content-Security-Policy', "script-src 'self'"],
    ['X-Frame-Options', 'DENY'],
  ])('was sent with %s', async (name, value) => {
    expect(await failure({ [name]: value })).toMatchObject({
      code: 'CSP_BLOCKED',
      message: expect.stringContaining(`${name}: ${value}`),
      hint: expect.stringContaining('without that header'),
      cause: { message: 'the cause' },
    });
  });

  it('in an isolated page was sent without the header of isolated pages', async () => {
    vi.stubGlobal('crossOriginIsolated', true);
    expect(await failure({})).toMatchObject({ hint: expect.stringContaining('Cross-Origin-Embedder-Policy') });
    expect((await failure({ 'Cross-Origin-Embedder-Policy': 'require-corp' })).hint).not.toContain('Embedder');
  });

  it('of another origin is under the policy of the page', async () => {
    expect(await failure({}, elsewhere)).toMatchObject({
      code: 'CSP_BLOCKED',
      hint: expect.stringContaining('worker-src blob:'),
    });
  });

  it('for no reason that can be seen may start the next time', async () => {
    expect(await failure({})).toMatchObject({ code: 'WORKER_START_FAILED', retryable: true });
  });
});

describe('fetchScript', () => {
  it('gives the file, and lets the browser check what must be checked', async () => {
    const asked = serve('code', { 'Content-Type': 'text/javascript' });
    const script = await fetchScript('https://app.example/worker.js', 'The worker', { signal, integrity: 'sha256-x' });
    expect(await script.text()).toBe('code');
    expect(asked).toHaveBeenCalledWith('https://app.example/worker.js', {
      credentials: 'same-origin',
      integrity: 'sha256-x',
      signal,
    });
  });

  it('takes no page for one', async () => {
    serve('<!doctype html>');
    await expect(fetchScript('https://app.example/worker.js', 'The worker', { signal })).rejects.toMatchObject({
      code: 'ASSET_IS_HTML',
    });
  });

  it('says why there is none', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(fetchScript('https://app.example/worker.js', 'The worker', { signal })).rejects.toMatchObject({
      code: 'WORKER_START_FAILED',
      cause: { message: 'Failed to fetch' },
    });
  });
});
