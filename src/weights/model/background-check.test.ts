import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryStore } from '../store/memory-store.ts';
import { folder, graph, read, wholeOf } from '../store/test-database.conformance.ts';
import type { WeightStore } from '../store/weight-store.ts';
import { patternOf } from '../transfer/file-server.conformance.ts';
import { checkInBackground, isDueForCheck } from './background-check.ts';
import type { WeightSources } from './remote-model.ts';
import {
  createContext,
  createSources,
  encode,
  load,
  location,
  manifestOf,
  openLoad,
  rules,
  serveModel,
} from './test-model.conformance.ts';

const body = patternOf(3000);
const newer = patternOf(3500, 1);
const paths = [graph.path, 'config.json', 'merges.txt'];
const keyOf = (path: string) => ({ model: folder, path });

let server: ReturnType<typeof serveModel>;
let store: WeightStore;
let sources: WeightSources;
beforeEach(async () => {
  server = serveModel({ [graph.path]: body, 'config.json': encode('{"old":1}') });
  store = createMemoryStore();
  sources = createSources(store);
  await load(sources, paths);
  server.forget();
});
afterEach(() => vi.unstubAllGlobals());

describe('isDueForCheck', () => {
  it('is what an ordinary load of another session is', () => {
    expect(isDueForCheck(location, rules, [])).toBe(true);
    expect(isDueForCheck(location, rules, ['session 0'])).toBe(true);
  });

  it.each<[string, Parameters<typeof isDueForCheck>]>([
    ['the same session', [location, rules, ['session 0', 'session 1']]],
    ['an address of one version', [{ ...location, immutable: true }, rules, []]],
    ['revalidate: always, which asked before', [location, { ...rules, revalidate: 'always' }, []]],
    ['revalidate: never', [location, { ...rules, revalidate: 'never' }, []]],
    ['localFilesOnly', [location, { ...rules, localFilesOnly: true }, []]],
    ['a manifest', [location, { ...rules, manifest: manifestOf({}) }, []]],
  ])('is not %s', (_, given) => {
    expect(isDueForCheck(...given)).toBe(false);
  });
});

describe('checkInBackground', () => {
  const check = () => checkInBackground(paths, createContext(sources));

  it('asks for each file, and changes nothing where nothing has changed', async () => {
    expect(await check()).toEqual([]);
    expect(server.asked().sort()).toEqual(paths.map((path) => `HEAD ${path}`).sort());
  });

  it('brings what has changed up to date', async () => {
    server.serve(graph.path, newer);
    expect(await check()).toEqual([graph.path]);
    expect(await read(store, graph)).toEqual([...newer]);
    expect(server.asked()).toHaveLength(4);
    expect(await check()).toEqual([]);
  });

  it('finds what was missing, and marks what is gone', async () => {
    server.serve('merges.txt', encode('a b'));
    server.remove('config.json');
    expect((await check()).sort()).toEqual(['config.json', 'merges.txt']);
    expect(await read(store, keyOf('merges.txt'))).toEqual([...encode('a b')]);
    expect(await store.find(keyOf('config.json'))).toEqual({ missing: true });
  });

  it('leaves what is stored where the new version does not come', async () => {
    server.serve(graph.path, newer);
    server.fail({}, {}, {}, { status: 403 });
    await expect(check()).rejects.toMatchObject({ code: 'HTTP_STATUS' });
    expect(await read(store, graph)).toEqual([...body]);
  });
});

describe('a load from the store', () => {
  /** Loads, and stays loaded. */
  const start = async (session: string, from = sources) => {
    const { files, events } = openLoad(from, { rules: { ...rules, session } });
    const found = await files.find(graph.path);
    await files.keep();
    return { files, events, found };
  };

  /** A store that tells when a version has been committed. */
  function createWatchedStore() {
    let committed = () => {};
    const commit = new Promise<void>((resolve) => (committed = resolve));
    const watched: WeightStore = {
      ...store,
      async write(...given) {
        const writer = await store.write(...given);
        return { ...writer, commit: (info) => writer.commit(info).then(committed) };
      },
    };
    return { watched, commit };
  }

  it('is checked after it is ready; the next load has the new version', async () => {
    server.serve(graph.path, newer);
    const { watched, commit } = createWatchedStore();
    const { found } = await start('session 2', createSources(watched));
    expect(found).toEqual(body);
    await commit;
    expect(found).toEqual(body);
    expect((await load(sources, [graph.path])).found).toEqual([newer]);
  });

  it('is checked once in a session', async () => {
    await start('session 2');
    await server.requested(1);
    await start('session 2');
    await start('session 1');
    await start('session 3');
    await server.requested(2);
    expect(server.asked()).toEqual([`HEAD ${graph.path}`, `HEAD ${graph.path}`]);
  });

  it('is not checked when it fetched everything itself', async () => {
    await store.clear();
    await start('session 2');
    expect(server.asked()).toEqual([`GET ${graph.path}`]);
  });

  it('is no longer checked once it is released', async () => {
    server.fail({ hangAt: 'answer' });
    const { files } = await start('session 2');
    await server.requested(1);
    const { signal } = server.requests[0]!;
    expect(signal!.aborted).toBe(false);
    files.release();
    expect(signal!.aborted).toBe(true);
  });

  it('is not told of what the check finds, nor of its failures', async () => {
    server.serve(graph.path, newer);
    let failed = () => {};
    const failure = new Promise<void>((resolve) => (failed = resolve));
    const refusing: WeightStore = {
      ...store,
      write: () => {
        failed();
        return Promise.reject(new DOMException('full', 'QuotaExceededError'));
      },
    };
    const { events } = await start('session 2', createSources(refusing));
    const told = events.length;
    await failure;
    await new Promise((resolve) => setImmediate(resolve));
    expect(events).toHaveLength(told);
    expect((await wholeOf(store, graph)).info.size).toBe(body.length);
  });
});
