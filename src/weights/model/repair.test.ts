import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { folder, graph, read, wholeOf } from '../store/test-database.conformance.ts';
import type { WeightStore } from '../store/weight-store.ts';
import { type Fault, patternOf } from '../transfer/file-server.conformance.ts';
import { repair } from './repair.ts';
import { readStored } from './stored-bytes.ts';
import {
  createContext,
  createSources,
  createWatched,
  rules,
  serveModel,
  storeChecked,
} from './test-model.conformance.ts';

const body = patternOf(900);
const parts = [body.slice(0, 300), body.slice(300, 500), body.slice(500)];
const url = folder + graph.path;

let server: ReturnType<typeof serveModel>;
let store: WeightStore;
beforeEach(async () => {
  server = serveModel({ [graph.path]: { body, etag: '"1"' } });
  store = createMemoryStore();
  await storeChecked(store, graph, { etag: '"1"' }, ...parts);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Damages these parts of the stored file. */
async function damage(...indexes: number[]) {
  const { id } = await wholeOf(store, graph);
  for (const index of indexes) await store.replacePart(graph, id, index, new Uint8Array(parts[index]!.length));
}

/** Repairs what is damaged. */
async function start(options: Parameters<typeof createContext>[1] = {}, inStore = store) {
  const version = await wholeOf(store, graph);
  const stored = await readStored(version);
  const repairing = repair(graph, version, stored, createContext(createSources(inStore), options));
  return { repairing, bytes: stored.bytes };
}

const damagedNow = async () => (await readStored(await wholeOf(store, graph))).damaged.map(({ index }) => index);

describe('a damaged part', () => {
  it.each([
    [[0], ['bytes=0-299']],
    [[1], ['bytes=300-499']],
    [[2], ['bytes=500-899']],
    [
      [0, 2],
      ['bytes=0-299', 'bytes=500-899'],
    ],
  ])('is fetched, and nothing else: %j', async (indexes, ranges) => {
    await damage(...indexes);
    expect(await damagedNow()).toEqual(indexes);
    const { repairing, bytes } = await start();
    expect(await repairing).toBe(true);
    expect(bytes).toEqual(body);
    expect(server.rangesOf(url)).toEqual(ranges);
    expect(await damagedNow()).toEqual([]);
    expect(await read(store, graph)).toEqual([...body]);
  });

  it('is told as fetched, and the others as here', async () => {
    await damage(0, 2);
    const { monitor, events } = createWatched();
    const { repairing } = await start({ monitor });
    await repairing;
    monitor.end(graph.path);
    expect(events.slice(1)).toMatchObject([
      { status: 'download', source: 'network', fileLoaded: 200, fileTotal: 900 },
      { status: 'done', source: 'network', fileLoaded: 900, progress: 1 },
    ]);
  });

  it('is right for this load also where the store does not take it', async () => {
    await damage(1);
    const refusing = { ...store, replacePart: () => Promise.reject(new Error('full')) };
    const { repairing, bytes } = await start({}, refusing);
    expect(await repairing).toBe(true);
    expect(bytes).toEqual(body);
    expect(await damagedNow()).toEqual([1]);
  });

  it('is asked for again where the connection breaks', async () => {
    vi.useFakeTimers();
    await damage(1);
    server.fail({ cutAt: 10 }, { status: 503 });
    const { repairing, bytes } = await start();
    await vi.runAllTimersAsync();
    expect(await repairing).toBe(true);
    expect(bytes).toEqual(body);
    expect(server.rangesOf(url)).toEqual(Array(3).fill('bytes=300-499'));
  });

  it('is fetched with the headers of the model', async () => {
    await damage(1);
    const { location } = createContext();
    const { repairing } = await start({ location: { ...location, headers: { authorization: 'Bearer abc' } } });
    await repairing;
    expect(server.requests[0]!.headers.get('authorization')).toBe('Bearer abc');
  });
});

describe('a version that the server no longer has', () => {
  it.each<[string, () => void]>([
    ['because there is another', () => server.serve(graph.path, { body: patternOf(900, 1), etag: '"2"' })],
    ['because there is none', () => server.remove(graph.path)],
    ['because it gives no ranges', () => server.failAlways({ ignoresRange: true })],
    ['because it gives less than the range', () => server.failAlways({ endAt: 10 })],
  ])('%s is told, and stays as it is', async (_, change) => {
    await damage(1);
    change();
    const { repairing } = await start();
    expect(await repairing).toBe(false);
    expect(await damagedNow()).toEqual([1]);
  });
});

describe('INTEGRITY_MISMATCH', () => {
  const mismatch = (more: object = {}) => ({
    code: 'INTEGRITY_MISMATCH',
    message: expect.stringContaining(`Part 2 of the stored ${url} (bytes 300 to 499)`),
    retryable: true,
    ...more,
  });

  it('is what comes of it where nothing may be fetched', async () => {
    await damage(1);
    const { repairing } = await start({ rules: { ...rules, localFilesOnly: true } });
    await expect(repairing).rejects.toMatchObject(mismatch());
    expect(server.requests).toEqual([]);
    expect(await damagedNow()).toEqual([1]);
  });

  it('is what comes of it where the server has other bytes by the same name; then the file goes', async () => {
    await damage(1);
    server.serve(graph.path, { body: patternOf(900, 1), etag: '"1"' });
    const { repairing } = await start();
    await expect(repairing).rejects.toMatchObject(mismatch());
    expect(await store.find(graph)).toEqual({});
  });

  it.each<[string, Fault, string]>([
    ['refuses', { status: 403 }, 'HTTP_STATUS'],
    ['answers with a page', { headers: { 'content-type': 'text/html' } }, 'ASSET_IS_HTML'],
    ['cannot be reached', { refuses: true }, 'NETWORK'],
  ])('is what comes of it where the server %s, and the file stays for the next time', async (_, fault, code) => {
    vi.useFakeTimers();
    await damage(1);
    server.failAlways(fault);
    const { repairing } = await start();
    repairing.catch(() => {});
    await vi.runAllTimersAsync();
    await expect(repairing).rejects.toMatchObject(mismatch({ cause: expect.objectContaining({ code }) }));
    expect(await damagedNow()).toEqual([1]);
    server.failAlways(undefined);
    expect(await (await start()).repairing).toBe(true);
  });
});

it('an abort rejects with its reason', async () => {
  await damage(1);
  server.fail({ hangAt: 10 });
  const controller = new AbortController();
  const { repairing } = await start({ signal: controller.signal });
  controller.abort('enough');
  await expect(repairing).rejects.toBe('enough');
  expect(await damagedNow()).toEqual([1]);
});
