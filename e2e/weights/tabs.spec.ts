import { openLibrary } from '../support/test.ts';
import {
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

test('four tabs that open the same model at once: one download, four answers', async ({
  ready,
  site,
  hub,
  context,
}) => {
  const pages = [ready, ...(await Promise.all([1, 2, 3].map(() => openPage(context, site.url))))];
  const loads = await Promise.all(pages.map((page) => load(page, { host: hub.url, stay: true })));
  expect(new Set(loads.map(({ values }) => JSON.stringify(values))).size).toBe(1);
  expect(hub.count(graph)).toBe(1);
  expect(hub.sent(graph)).toBe(graphBytes.length);
  // One tab fetched each file; the others read it.
  expect(hub.log.filter(({ method, step }) => method === 'GET' && step === 'content')).toHaveLength(4);
  const inUse = await ready.evaluate(async () => (await insitu.weights.list())[0]?.inUse);
  expect(inUse).toBe(true);
  await expectGraphStored(ready);
});

test('two pipelines of one page share a download too', async ({ ready, hub }) => {
  await Promise.all([load(ready, { host: hub.url }), load(ready, { host: hub.url })]);
  expect(hub.count(graph)).toBe(1);
});

test('progress reaches every tab that waits', async ({ ready, site, hub, context }) => {
  const goOn = hub.fault({ path: graph, times: 1 }, { kind: 'stall', after: 12_000_000 });
  await beginLoad(ready, { host: hub.url });
  await expect.poll(() => storedBytes(ready, graph), { timeout: 20_000 }).toBe(12_000_000);
  const waiting = await openPage(context, site.url);
  const loading = load(waiting, { host: hub.url });
  // The waiting tab asks for the lock before it hears anything.
  await expect
    .poll(() =>
      waiting.evaluate(async () =>
        (await navigator.locks.query()).pending?.some(({ name }) => name?.includes('.onnx')),
      ),
    )
    .toBe(true);
  goOn();
  const { events } = await loading;
  const heard = events.filter((event) => 'file' in event && event.file === graph && event.source === 'network');
  expect(heard.length).toBeGreaterThan(0);
  for (const [index, event] of events.entries()) {
    expect(event.loaded).toBeGreaterThanOrEqual(events[index - 1]?.loaded ?? 0);
    expect(event.progress).toBeGreaterThanOrEqual(events[index - 1]?.progress ?? 0);
  }
  expect(hub.count(graph)).toBe(1);
});

test('the tab that downloads is closed: another goes on from where it stopped', async ({
  ready,
  site,
  hub,
  context,
}) => {
  hub.fault({ path: graph, times: 1 }, { kind: 'stall', after: 12_000_000 });
  await beginLoad(ready, { host: hub.url });
  const others = await Promise.all([1, 2].map(() => openPage(context, site.url)));
  await expect.poll(() => storedBytes(others[0]!, graph), { timeout: 20_000 }).toBe(12_000_000);
  const loads = others.map((page) => load(page, { host: hub.url, stay: true }));
  const waiting = () =>
    others[0]!.evaluate(
      async () => (await navigator.locks.query()).pending?.filter(({ name }) => name?.includes('.onnx')).length,
    );
  await expect.poll(waiting).toBe(2);
  await ready.close();
  const [first, second] = await Promise.all(loads);
  expect(first!.values).toEqual(second!.values);
  expect(hub.count(graph)).toBe(2);
  expect(hub.sentTwice(graph)).toBe(0);
  await expectGraphStored(others[0]!);
});

test('a second visit with the network cut works, without a request', async ({ ready, site, hub }) => {
  const first = await load(ready, { host: hub.url });
  hub.clearLog();
  hub.fault({ path: /.*/ }, { kind: 'drop' });
  await openLibrary(ready, `${site.url}/pages/module.html`);
  const second = await load(ready, { host: hub.url });
  expect(second.values).toEqual(first.values);
  expect(second.source).toBe('store');
  expect(hub.log).toEqual([]);
});
