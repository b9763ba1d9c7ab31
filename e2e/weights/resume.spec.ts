import type { Page } from '@playwright/test';
import { openLibrary } from '../support/test.ts';
import {
  type Loaded,
  beginLoad,
  expect,
  expectGraphStored,
  graph,
  graphBytes,
  load,
  openPage,
  storedBytes,
  test,
} from './hub-test.ts';

const half = 11_000_000;

/** Deterministic, so that a failure can be seen again. Source: Mulberry32, Tommy Ettinger, public domain. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const seed = 20261122;
const random = createRandom(seed);
const cuts = Array.from({ length: 20 }, () => 1 + Math.floor(random() * (graphBytes.length - 1))).sort((a, b) => a - b);

test('a connection that breaks at 20 random bytes: the download goes on, and no byte comes twice', async ({
  ready,
  hub,
}) => {
  // A browser throws away what it has not handed to the page when a connection breaks, so each breaks once the page has it all.
  const breakAt = (index: number) => {
    const after = cuts[index]! - (cuts[index - 1] ?? 0);
    return hub.fault({ path: graph, times: 1 }, { kind: 'stall', after, thenBreak: true });
  };
  let broken = 0;
  let breakNow = breakAt(0);
  await ready.exposeFunction('arrived', (loaded: number) => {
    if (loaded !== cuts[broken]) return;
    broken++;
    const release = breakNow;
    if (broken < cuts.length) breakNow = breakAt(broken);
    release();
  });
  await ready.evaluate(
    async ([host, path]) => {
      const { arrived } = globalThis as never as { arrived(loaded: number): void };
      const client = insitu.createClient({ hub: { host: host! } });
      const embed = await client.pipeline('feature-extraction', 'insitu/all-MiniLM-L6-v2', {
        onProgress: (event) => 'file' in event && event.file === path && arrived(event.fileLoaded),
      });
      await embed.dispose();
    },
    [hub.url, graph],
  );
  expect(broken, `seed ${seed}`).toBe(20);
  expect(hub.count(graph), `seed ${seed}`).toBe(21);
  expect(hub.sentTwice(graph), `seed ${seed}`).toBe(0);
  expect(hub.sent(graph), `seed ${seed}`).toBe(graphBytes.length);
  await expectGraphStored(ready);
});

/**
 * A browser that is busy hands over nothing of a connection that breaks at once. After five of those in a row a load gives up; the next
 * goes on.
 */
async function loadAgainAndAgain(page: Page, host: string): Promise<Loaded> {
  const loaded = await load(page, { host }).catch((error: Error) => {
    expect(error.message).toContain('The connection broke');
  });
  return loaded ?? loadAgainAndAgain(page, host);
}

test('connections that break at once at 20 random bytes: the bytes are identical', async ({
  ready,
  site,
  hub,
  context,
}) => {
  for (const [index, cut] of cuts.entries()) {
    hub.fault({ path: graph, times: 1 }, { kind: 'cut', after: cut - (cuts[index - 1] ?? 0) });
  }
  const { values } = await loadAgainAndAgain(ready, hub.url);
  expect(hub.count(graph), `seed ${seed}`).toBe(21);
  await expectGraphStored(ready);
  const control = await load(await openPage(context, site.url), { host: hub.url, storage: 'memory' });
  expect(values).toEqual(control.values);
});

/** Ways in which a download ends before its time; each gives the page that goes on. */
const endings: Record<string, (page: Page, url: string) => Promise<Page>> = {
  'the tab is closed': async (page, url) => {
    const next = await openPage(page.context(), url);
    await page.close();
    return next;
  },
  'the page is loaded again': async (page, url) => {
    await openLibrary(page, `${url}/pages/module.html`);
    return page;
  },
  'the worker is killed': async (page) => {
    await page.evaluate(() => (globalThis as never as { insituClient: { close(): void } }).insituClient.close());
    return page;
  },
  'the load is aborted': async (page) => {
    await page.evaluate(() => (globalThis as never as { insituLoad: AbortController }).insituLoad.abort());
    return page;
  },
};

for (const [what, end] of Object.entries(endings)) {
  test(`${what} in the middle: the next load goes on from there`, async ({ ready, site, hub }) => {
    hub.fault({ path: graph, times: 1 }, { kind: 'stall', after: half });
    await beginLoad(ready, { host: hub.url });
    // What a connection has brought is written once it has been quiet for a second.
    await expect.poll(() => storedBytes(ready, graph), { timeout: 20_000 }).toBe(half);
    const next = await end(ready, site.url);
    const { source }: Loaded = await load(next, { host: hub.url });
    expect(source).toBe('network');
    expect(hub.count(graph)).toBe(2);
    expect(hub.sentTwice(graph)).toBe(0);
    expect(hub.sent(graph)).toBe(graphBytes.length);
    await expectGraphStored(next);
  });
}

test('an aborted load keeps what has arrived, to the byte, without waiting for it to be due', async ({
  ready,
  hub,
}) => {
  hub.fault({ path: graph, times: 1 }, { kind: 'stall', after: half });
  await ready.evaluate(
    async ({ host, size }) => {
      const client = insitu.createClient({ hub: { host } });
      const controller = new AbortController();
      const loading = client.pipeline('feature-extraction', 'insitu/all-MiniLM-L6-v2', {
        signal: controller.signal,
        onProgress: (event) => {
          if ('fileLoaded' in event && event.fileLoaded >= size) controller.abort(new Error('enough'));
        },
      });
      await loading.then(
        () => Promise.reject(new Error('It was not aborted.')),
        () => {},
      );
    },
    { host: hub.url, size: half },
  );
  await expect.poll(() => storedBytes(ready, graph)).toBe(half);
  await load(ready, { host: hub.url });
  expect(hub.count(graph)).toBe(2);
  expect(hub.sentTwice(graph)).toBe(0);
  await expectGraphStored(ready);
});

test('a server without ranges, or whose file has changed, is begun anew', async ({ ready, hub }) => {
  hub.fault({ path: graph, times: 1 }, { kind: 'cut', after: half });
  hub.fault({ path: graph, times: 2 }, { kind: 'no-ranges' });
  await load(ready, { host: hub.url });
  expect(hub.count(graph)).toBe(2);
  expect(hub.sent(graph)).toBe(half + graphBytes.length);
  await expectGraphStored(ready);
});

test('an overloaded server is asked again when it said', async ({ ready, hub }) => {
  hub.fault({ path: 'config.json', times: 1 }, { kind: 'status', status: 503, retryAfter: 1 });
  hub.fault({ path: graph, times: 2 }, { kind: 'status', status: 429 });
  await load(ready, { host: hub.url });
  expect(hub.log.filter(({ status }) => status === 503 || status === 429)).toHaveLength(3);
  await expectGraphStored(ready);
});
