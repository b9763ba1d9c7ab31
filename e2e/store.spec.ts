import type { LoadEvent } from 'insitu';
import { embedder } from './support/site.ts';
import { expect, openLibrary, test } from './support/test.ts';

const files = ['config.json', 'onnx/model_quantized.onnx', 'tokenizer.json', 'tokenizer_config.json'];

test('a second visit makes no request for a model file, and tells that it read the store', async ({ ready, site }) => {
  const load = (model: string) =>
    ready.evaluate(async (reference) => {
      const events: LoadEvent[] = [];
      let settle = () => {};
      const stored = new Promise<void>((resolve) => (settle = resolve));
      const embed = await insitu.pipeline('feature-extraction', reference, {
        onProgress(event) {
          events.push(event);
          if (event.status === 'stored') settle();
        },
      });
      const { data } = await embed('The same words.', { pooling: 'mean' });
      // It comes some time after `ready`, on every visit.
      await stored;
      return { ends: events.filter((event) => !('file' in event)), values: [...data.slice(0, 8)] };
    }, model);
  const modelRequests = () =>
    site.requests.filter((path) => path.startsWith(embedder)).map((path) => path.slice(embedder.length));

  const first = await load(embedder);
  expect(modelRequests().sort()).toEqual(files);
  const stored = { status: 'stored', progress: 1 };
  expect(first.ends).toMatchObject([{ status: 'ready', source: 'network', progress: 1 }, stored]);

  site.requests.length = 0;
  await openLibrary(ready, `${site.url}/pages/module.html`);
  const second = await load(embedder);
  expect(modelRequests()).toEqual([]);
  expect(second.ends).toMatchObject([{ status: 'ready', source: 'store', progress: 1 }, stored]);
  expect(second.values).toEqual(first.values);
});

test('load events count bytes, name every file, and never go back', async ({ ready: page }) => {
  const events = await page.evaluate(async (model) => {
    const seen: LoadEvent[] = [];
    await insitu.pipeline('feature-extraction', model, { onProgress: (event) => void seen.push(event) });
    return seen;
  }, embedder);
  const total = 22_699_284 + 711_661 + 487 + 366;
  const ready = events.find(({ status }) => status === 'ready');
  expect(ready).toMatchObject({ loaded: total, total, progress: 1, plan: { device: 'wasm' } });
  for (const file of files) {
    const own = events.filter((event) => 'file' in event && event.file === file).map((event) => event.status);
    expect(own.filter((status) => status !== 'progress')).toEqual(['initiate', 'download', 'done']);
  }
  for (const [index, event] of events.entries()) {
    const previous = events[index - 1];
    expect(event.loaded).toBeGreaterThanOrEqual(previous?.loaded ?? 0);
    expect(event.total).toBeGreaterThanOrEqual(previous?.total ?? 0);
    expect(event.progress).toBeGreaterThanOrEqual(previous?.progress ?? 0);
    expect(event.loaded).toBeLessThanOrEqual(event.total);
  }
});

test('a Hub id is resolved through the hub of the client, redirects included, and nothing else is probed', async ({
  ready,
  site,
}) => {
  const dims = await ready.evaluate(async (host) => {
    const client = insitu.createClient({ hub: { host }, storage: 'memory' });
    const embed = await client.pipeline('feature-extraction', 'insitu/all-MiniLM-L6-v2@v1.0');
    return (await embed('Hello.', { pooling: 'mean' })).dims;
  }, `${site.url}/hub`);
  expect(dims).toEqual([1, 384]);
  const asked = site.requests.filter((path) => !path.startsWith('/dist/') && !path.startsWith('/pages/'));
  const expected = files.flatMap((file) => [
    `/hub/insitu/all-MiniLM-L6-v2/resolve/v1.0/${file}`,
    `/models/insitu/all-MiniLM-L6-v2/${file}`,
  ]);
  expect(asked.sort()).toEqual(expected.sort());
});

test('without storage a model still loads', async ({ page, site }) => {
  await page.addInitScript(() => {
    // Firefox and Safari refuse the database so in some private modes; workers are covered by the option `storage` below.
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
  });
  await openLibrary(page, `${site.url}/pages/module.html`);
  const outcome = await page.evaluate(async (model) => {
    const client = insitu.createClient({ storage: 'memory' });
    const embed = await client.pipeline('feature-extraction', model);
    const { storage } = await insitu.detectCapabilities();
    return { dims: (await embed('Hello.', { pooling: 'mean' })).dims, indexedDB: storage.indexedDB };
  }, embedder);
  expect(outcome).toEqual({ dims: [1, 384], indexedDB: false });
});
