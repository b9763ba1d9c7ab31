import type { Page } from '@playwright/test';
import type { ClientEvent, ViolationClientEvent } from 'insitu';
import type { Site } from './support/site.ts';
import { expect, test } from './support/test.ts';

/** What a hostile worker tries (see `pages/hostile-worker.js`), and what is told of it. */
const attempts: Record<string, { what: string; detail: string }> = {
  fetch: { what: 'connect-src', detail: '/leak/fetch' },
  XMLHttpRequest: { what: 'connect-src', detail: '/leak/XMLHttpRequest' },
  WebSocket: { what: 'connect-src', detail: '/leak/WebSocket' },
  EventSource: { what: 'connect-src', detail: '/leak/EventSource' },
  FontFace: { what: 'font-src', detail: '/leak/FontFace' },
  'import-url': { what: 'script-src-elem', detail: '/leak/import-url' },
  'import-data': { what: 'script-src-elem', detail: 'data' },
  importScripts: { what: 'importScripts', detail: '/leak/importScripts' },
  eval: { what: 'script-src', detail: 'eval' },
  nested: { what: 'Worker', detail: 'blob:null/' },
  SharedWorker: { what: 'SharedWorker', detail: '' },
  RTCPeerConnection: { what: 'RTCPeerConnection', detail: '' },
  WebTransport: { what: 'WebTransport', detail: '' },
  sendBeacon: { what: 'navigator.sendBeacon', detail: '' },
  indexedDB: { what: 'indexedDB', detail: '' },
  'dug-up': { what: 'indexedDB', detail: '' },
  caches: { what: 'caches', detail: '' },
  BroadcastChannel: { what: 'BroadcastChannel', detail: 'leak' },
  storage: { what: 'navigator.storage', detail: '' },
  directory: { what: 'navigator.storage', detail: '' },
  localStorage: { what: 'localStorage', detail: '' },
  cookieStore: { what: 'cookieStore', detail: '' },
  parent: { what: 'parent', detail: '' },
  top: { what: 'top', detail: '' },
  opener: { what: 'opener', detail: '' },
  close: { what: 'close', detail: '' },
};
/** What a worker that is not isolated gets to the server with. */
const toServer = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'FontFace', 'import-url', 'nested'];
/** What else it may. */
const unharmed = ['eval', 'indexedDB', 'dug-up', 'caches', 'BroadcastChannel', 'storage', 'directory'];
const model = '/models/insitu/stunts/';

type Attempt = (input: string) => Promise<{ allowed: boolean; result: string } | string>;

declare global {
  var attempt: Attempt;
  var events: ClientEvent[];
  /** What came in by the channel that the worker tries to use. */
  var heard: unknown[];
}

async function loadHostile(page: Page, isolate: boolean): Promise<void> {
  await page.evaluate(
    async ([reference, isolated]) => {
      globalThis.events = [];
      globalThis.heard = [];
      new BroadcastChannel('leak').onmessage = ({ data }) => heard.push(data);
      const client = insitu.createClient({
        assetBase: '/dist/',
        workerUrl: '/pages/hostile-worker.js',
        onEvent: (event) => events.push(event),
      });
      const run = await client.pipeline('feature-extraction', reference, { isolate: isolated });
      globalThis.attempt = (input) =>
        run(input).then(
          (outcome) => outcome as unknown as { allowed: boolean; result: string },
          (error: { code: string }) => error.code,
        );
    },
    [model, isolate] as const,
  );
}

const attemptIn = (page: Page, site: Site, name: string) =>
  page.evaluate((input) => attempt(input), `${name} ${site.url}/leak/${name}`);
const leaks = (site: Site) => site.requests.filter((path) => path.startsWith('/leak/')).map((path) => path.slice(6));
const violations = (page: Page): Promise<ViolationClientEvent[]> =>
  page.evaluate(() => events.filter((event) => event.type === 'violation'));

/** The page's own message comes back last, so whatever was sent before it has come by then. */
async function heardInPage(page: Page): Promise<unknown[]> {
  await page.evaluate(() => new BroadcastChannel('leak').postMessage('the end'));
  await expect.poll(() => page.evaluate(() => heard.at(-1))).toBe('the end');
  return page.evaluate(() => heard.slice(0, -1));
}

test('the control: a hostile worker that is not isolated reaches the server and the storage', async ({
  ready,
  site,
}) => {
  await loadHostile(ready, false);
  for (const name of toServer) await attemptIn(ready, site, name);
  await expect.poll(() => new Set(leaks(site))).toEqual(new Set(toServer));
  for (const name of unharmed) {
    expect(await attemptIn(ready, site, name), name).toMatchObject({ allowed: true });
  }
  expect(await heardInPage(ready)).toEqual(['leak']);
  expect(await violations(ready)).toEqual([]);
});

for (const { how, before } of [
  { how: 'as it is', before: [] },
  { how: 'after it has tried to silence whoever watches it', before: ['silence'] },
]) {
  test(`nothing leaves an isolated worker, and all it tries is told: ${how}`, async ({ ready, site }) => {
    await loadHostile(ready, true);
    for (const name of before) {
      expect(await attemptIn(ready, site, name)).toEqual({ allowed: true, result: 'done' });
    }
    for (const [name, { what, detail }] of Object.entries(attempts)) {
      const earlier = (await violations(ready)).length;
      expect(await attemptIn(ready, site, name), name).toMatchObject({ allowed: false });
      const told = async () => (await violations(ready)).slice(earlier);
      await expect
        .poll(told, { message: name })
        .toContainEqual({ type: 'violation', what, detail: expect.stringContaining(detail) });
    }
    expect(leaks(site)).toEqual([]);
    expect(await heardInPage(ready)).toEqual([]);
    expect(await ready.evaluate(() => document.querySelectorAll('iframe').length)).toBe(1);
  });
}

test('a message that is none of the protocol ends the isolated worker; its next call has another', async ({
  ready,
  site,
}) => {
  await loadHostile(ready, true);
  const heardByPage = ready.evaluate(
    () => new Promise((resolve) => addEventListener('message', ({ data }) => resolve(data), { once: true })),
  );
  expect(await attemptIn(ready, site, 'post-strange')).toBe('WORKER_CRASHED');
  expect(await violations(ready)).toEqual([
    { type: 'violation', what: 'message', detail: '{"type":"leak","to":"the page"}' },
  ]);
  expect(await attemptIn(ready, site, 'indexedDB')).toMatchObject({ allowed: false });
  // The first to come by the window is the page's own.
  await ready.evaluate(() => postMessage('the end'));
  expect(await heardByPage).toBe('the end');
});
