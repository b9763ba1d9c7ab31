import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RemoteModel } from '../../protocol/model-location.ts';
import type { ManifestFile } from '../../protocol/model-manifest.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { folder, graph, read, wholeOf } from '../store/test-database.conformance.ts';
import type { WeightStore } from '../store/weight-store.ts';
import { type Bytes, patternOf } from '../transfer/file-server.conformance.ts';
import { fetchIntoStore } from './fetch-into-store.ts';
import {
  appendChecked,
  createContext,
  createSources,
  encode,
  fileOf,
  location,
  serveModel,
  sha256Of,
  storeChecked,
} from './test-model.conformance.ts';

// What proves that the bytes that came are the file that was published.

const body = patternOf(5_000);
const wrong = patternOf(5_000, 1);
const url = folder + graph.path;
const raw = url.replace('/resolve/', '/raw/');
const hub: RemoteModel = { ...location, hub: true };

let server: ReturnType<typeof serveModel>;
let store: WeightStore;
beforeEach(() => {
  server = serveModel({ [graph.path]: { body, etag: '"1"' } });
  store = createMemoryStore();
});
afterEach(() => vi.unstubAllGlobals());

async function fetchFile(pinned?: ManifestFile, at: RemoteModel = location, inMemory = true) {
  const context = createContext(createSources(store), { location: at, inMemory });
  const { result, settled } = fetchIntoStore(graph, await store.find(graph), context, pinned, () => {});
  const [outcome] = await Promise.allSettled([result, settled]);
  return outcome;
}

/** Serves a body whose SHA-256 the Hub tells in this way. */
function serveProven(how: 'linked' | 'pointer', served: Bytes, proven: Bytes): void {
  const hash = sha256Of(proven);
  if (how === 'linked') {
    server.serve(graph.path, { body: served, etag: '"1"', headers: { 'x-linked-etag': `"${hash}"` } });
  } else {
    server.serve(graph.path, { body: served, etag: '"1"', redirectedTo: 'https://cdn.example/abc' });
    server.files.set(raw, { body: encode(`oid sha256:${hash}\nsize ${proven.length}\n`) });
  }
}

const ways = ['manifest', 'linked', 'pointer'] as const;

/** Serves a body where another one was published, and fetches it. */
async function fetchProven(how: (typeof ways)[number], served: Bytes, proven: Bytes, inMemory = true) {
  if (how === 'manifest') server.serve(graph.path, { body: served, etag: '"1"' });
  else serveProven(how, served, proven);
  return fetchFile(how === 'manifest' ? fileOf(graph.path, proven) : undefined, hub, inMemory);
}

describe.each(ways)('a SHA-256 from %s', (how) => {
  it.each([true, false])('proves a file; in memory: %s', async (inMemory) => {
    const value = { bytes: inMemory ? body : undefined };
    expect(await fetchProven(how, body, body, inMemory)).toEqual({ status: 'fulfilled', value });
    expect((await wholeOf(store, graph)).info).toMatchObject({ sha256: sha256Of(body), size: body.length });
    expect(server.rangesOf(url)).toEqual(['whole']);
  });

  it.each([true, false])(
    'that is another fails after a second try, and nothing is stored; in memory: %s',
    async (inMemory) => {
      expect(await fetchProven(how, wrong, body, inMemory)).toMatchObject({
        status: 'rejected',
        reason: { code: 'INTEGRITY_MISMATCH', message: expect.stringContaining(sha256Of(body)), retryable: true },
      });
      expect(server.rangesOf(url)).toEqual(['whole', 'whole']);
      expect(await store.find(graph)).toEqual({});
    },
  );

  it('that is another leaves the stored version as it is', async () => {
    await storeChecked(store, graph, { etag: '"0"' }, patternOf(10));
    expect(await fetchProven(how, wrong, body)).toMatchObject({ reason: { code: 'INTEGRITY_MISMATCH' } });
    expect(Object.keys(await store.find(graph))).toEqual(['whole']);
    expect(await read(store, graph)).toEqual([...patternOf(10)]);
  });

  it('finds that the beginning from an earlier download was another one, and then fetches all', async () => {
    await appendChecked(await store.write(graph, { etag: '"1"' }), wrong.slice(0, 2_000));
    expect(await fetchProven(how, body, body)).toEqual({ status: 'fulfilled', value: { bytes: body } });
    expect(server.rangesOf(url)).toEqual(['bytes=2000-', 'whole']);
    expect(await read(store, graph)).toEqual([...body]);
  });

  it('takes the right file of the second try', async () => {
    const { fetch } = globalThis;
    let answers = 0;
    vi.stubGlobal('fetch', (address: string, init: RequestInit) => {
      // A proxy damages the first answer.
      if (address === url) server.files.get(url)!.body = answers++ === 0 ? wrong : body;
      return fetch(address, init);
    });
    expect(await fetchProven(how, body, body)).toEqual({ status: 'fulfilled', value: { bytes: body } });
    expect(answers).toBe(2);
    expect(await read(store, graph)).toEqual([...body]);
  });
});

describe('a size', () => {
  it.each(['manifest', 'pointer'] as const)('from %s that is another is told as such', async (how) => {
    const longer = Uint8Array.from([...body, 1]);
    expect(await fetchProven(how, body, longer)).toMatchObject({
      status: 'rejected',
      reason: { code: 'INTEGRITY_MISMATCH', message: expect.stringContaining('it has 5000 bytes, not 5001') },
    });
    expect(await store.find(graph)).toEqual({});
  });
});

describe('the pointer of the Hub', () => {
  const pointers = () => server.requests.filter(({ path }) => path === raw).length;

  it('is asked for once, beside the file', async () => {
    serveProven('pointer', body, body);
    server.fail({ cutAt: 0 });
    await fetchFile(undefined, hub);
    expect(pointers()).toBe(1);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['a manifest proves the file', () => fetchFile(fileOf(graph.path, body), hub)],
    ['the model is not on the Hub', () => fetchFile(undefined, location)],
    [
      'the file is a small one, from the same origin',
      () => {
        server.serve(graph.path, { body, etag: '"1"' });
        return fetchFile(undefined, hub);
      },
    ],
  ])('is not asked for where %s', async (_, fetching) => {
    serveProven('pointer', body, body);
    expect(await fetching()).toMatchObject({ status: 'fulfilled' });
    expect(pointers()).toBe(0);
  });

  it('that cannot be fetched stops nothing', async () => {
    serveProven('pointer', body, body);
    server.files.delete(raw);
    expect(await fetchFile(undefined, hub)).toEqual({ status: 'fulfilled', value: { bytes: body } });
    expect((await wholeOf(store, graph)).info.sha256).toBe(sha256Of(body));
  });

  it('that is fetched with the token of the model', async () => {
    serveProven('pointer', body, body);
    await fetchFile(undefined, { ...hub, headers: { authorization: 'Bearer abc' } });
    expect(server.requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer abc', 'Bearer abc']);
  });
});

it('a manifest counts more than what the server says', async () => {
  serveProven('linked', body, wrong);
  expect(await fetchFile(fileOf(graph.path, body))).toEqual({ status: 'fulfilled', value: { bytes: body } });
});

it('where nobody tells a SHA-256, that of what came is stored', async () => {
  server.serve(graph.path, { body: wrong });
  expect(await fetchFile()).toEqual({ status: 'fulfilled', value: { bytes: wrong } });
  expect((await wholeOf(store, graph)).info).toEqual({ size: 5_000, sha256: sha256Of(wrong) });
});
