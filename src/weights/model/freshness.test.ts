import { afterEach, describe, expect, it, vi } from 'vitest';
import { folder, graph } from '../store/test-database.conformance.ts';
import type { FileInfo, StoredFile } from '../store/weight-store.ts';
import { type Fault, type ServedFile, patternOf } from '../transfer/file-server.conformance.ts';
import { hasChanged } from './freshness.ts';
import { location, serveModel } from './test-model.conformance.ts';

const body = patternOf(100);
const sha256 = 'ab'.repeat(32);
const lastModified = 'Sun, 22 Nov 2026 10:00:00 GMT';
const later = 'Sun, 22 Nov 2026 11:00:00 GMT';

afterEach(() => vi.unstubAllGlobals());

const stored = (info: FileInfo): StoredFile => ({
  whole: { id: '1', info: { size: 100, sha256, ...info }, parts: [] },
});

async function check(
  found: StoredFile,
  file: Partial<ServedFile> | undefined,
  {
    at = location,
    fault = {},
    signal = new AbortController().signal,
  }: { at?: typeof location; fault?: Fault; signal?: AbortSignal } = {},
) {
  const server = serveModel(file ? { [graph.path]: { body, ...file } } : {});
  server.fail(fault);
  return { changed: await hasChanged(graph, found, { location: at, signal }), ...server };
}

describe('a stored file', () => {
  it.each<[string, FileInfo, Partial<ServedFile>, boolean]>([
    ['the same ETag', { etag: '"1"' }, { etag: '"1"' }, false],
    ['another ETag', { etag: '"1"' }, { etag: '"2"' }, true],
    ['the same ETag, made weak by a server that compresses', { etag: '"1"' }, { etag: 'W/"1"' }, false],
    ['the same ETag, stored weak', { etag: 'W/"1"' }, { etag: '"1"' }, false],
    ['another weak ETag', { etag: '"1"' }, { etag: 'W/"2"' }, true],
    ['the same ETag and another date', { etag: '"1"', lastModified }, { etag: '"1"', lastModified: later }, false],
    ['no ETag and the same date', { lastModified }, { lastModified }, false],
    ['no ETag and another date', { lastModified }, { lastModified: later }, true],
    ['an ETag that was not known, and another date', { lastModified }, { etag: '"1"', lastModified: later }, true],
    ['only the same size', {}, {}, false],
    ['only another size', { size: 99 }, {}, true],
    ['nothing to compare by', {}, { headers: { 'content-length': '' } }, false],
    [
      'the same SHA-256 and another ETag',
      { etag: '"1"' },
      { etag: '"2"', headers: { 'x-linked-etag': `"${sha256}"` } },
      false,
    ],
    [
      'another SHA-256 and the same ETag',
      { etag: '"1"' },
      { etag: '"1"', headers: { 'x-linked-etag': `"${'cd'.repeat(32)}"` } },
      true,
    ],
  ])('of which the server says %s', async (_, info, file, expected) => {
    const { changed, asked } = await check(stored(info), file);
    expect(changed).toBe(expected);
    expect(asked()).toEqual([`HEAD ${graph.path}`]);
  });

  it.each([404, 410])('is another one where the server has none (%i)', async (status) => {
    expect((await check(stored({ etag: '"1"' }), { etag: '"1"' }, { fault: { status } })).changed).toBe(true);
  });

  it.each<[string, Fault]>([
    ['cannot be reached', { refuses: true }],
    ['fails', { status: 503 }],
    ['refuses', { status: 403 }],
    ['answers with a page', { headers: { 'content-type': 'text/html' } }],
  ])('counts as unchanged where the server %s: it is better than nothing', async (_, fault) => {
    expect((await check(stored({ etag: '"1"' }), { etag: '"2"' })).changed).toBe(true);
    expect((await check(stored({ etag: '"1"' }), { etag: '"2"' }, { fault })).changed).toBe(false);
  });
});

describe('a file that is known to be missing', () => {
  it('has changed when the server has it now', async () => {
    expect((await check({ missing: true }, {})).changed).toBe(true);
    expect((await check({ missing: true }, undefined)).changed).toBe(false);
  });
});

it.each<[string, StoredFile]>([
  ['nothing', {}],
  ['only its beginning', { partial: { id: '1', info: {}, parts: [] } }],
])('the server is not asked where the store has %s', async (_, found) => {
  const { changed, asked } = await check(found, {});
  expect(changed).toBe(false);
  expect(asked()).toEqual([]);
});

describe('a large file of the Hub', () => {
  const at = { ...location, hub: true };
  const redirectedTo = 'https://cdn.example/abc';
  const raw = graph.path;
  const servePointer = (server: ReturnType<typeof serveModel>, hash: string) =>
    server.files.set(folder.replace('/resolve/', '/raw/') + raw, {
      body: new TextEncoder().encode(`oid sha256:${hash}\nsize 100\n`),
    });

  const checkPointer = async (hash: string | undefined, etag: string, options = { at }) => {
    const server = serveModel({ [graph.path]: { body, etag, redirectedTo } });
    if (hash) servePointer(server, hash);
    const { signal } = new AbortController();
    const changed = await hasChanged(graph, stored({ etag: '"1"' }), { location: options.at, signal });
    return { changed, requests: server.requests.length };
  };

  it('is compared by its pointer, whatever the ETag of the other origin', async () => {
    expect(await checkPointer(sha256, '"2"')).toEqual({ changed: false, requests: 2 });
    expect(await checkPointer('cd'.repeat(32), '"1"')).toEqual({ changed: true, requests: 2 });
  });

  it('is compared by its ETag where there is no pointer', async () => {
    expect(await checkPointer(undefined, '"1"')).toEqual({ changed: false, requests: 2 });
    expect(await checkPointer(undefined, '"2"')).toEqual({ changed: true, requests: 2 });
  });

  it('has a pointer on the Hub only', async () => {
    expect(await checkPointer(sha256, '"2"', { at: location })).toEqual({ changed: true, requests: 1 });
  });
});

it('an abort rejects with its reason', async () => {
  const controller = new AbortController();
  const checking = check(stored({}), {}, { fault: { hangAt: 'answer' }, signal: controller.signal });
  controller.abort('enough');
  await expect(checking).rejects.toBe('enough');
});
