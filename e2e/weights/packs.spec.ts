import { readFile } from 'node:fs/promises';
import { openLibrary } from '../support/test.ts';
import { expect, expectGraphStored, load, model, test } from './hub-test.ts';

test('a pack carries a model to a machine without a network', async ({ ready, site, hub, browser }) => {
  const first = await load(ready, { host: hub.url });
  const downloading = ready.waitForEvent('download');
  const last = await ready.evaluate(
    async ([host, reference]) => {
      const { weights } = insitu.createClient({ hub: { host: host! } });
      let progress = 0;
      const pack = await weights.exportPack(reference!, { onProgress: (event) => (progress = event.progress) });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(pack);
      link.download = 'model.insitu.tar';
      link.click();
      return progress;
    },
    [hub.url, model],
  );
  expect(last).toBe(1);
  const path = await (await downloading).path();
  const bytes = await readFile(path);
  expect(bytes.subarray(0, 13).toString()).toBe('manifest.json');

  hub.clearLog();
  hub.fault({ path: /.*/ }, { kind: 'drop' });
  const elsewhere = await browser.newContext();
  const page = await elsewhere.newPage();
  await openLibrary(page, `${site.url}/pages/module.html`);
  await page.evaluate(() => document.body.append(Object.assign(document.createElement('input'), { type: 'file' })));
  await page.locator('input[type=file]').setInputFiles(path);
  const reference = await page.evaluate(
    ([host]) => {
      const { weights } = insitu.createClient({ hub: { host: host! } });
      return weights.importPack(document.querySelector('input')!.files![0]!);
    },
    [hub.url],
  );
  expect(reference).toBe(model);
  const second = await load(page, { host: hub.url, options: { localFilesOnly: true } });
  expect(second.values).toEqual(first.values);
  expect(second.source).toBe('store');
  expect(hub.log).toEqual([]);
  await expectGraphStored(page);

  const damaged = Buffer.from(bytes);
  damaged[bytes.length >> 1]! ^= 1;
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'bad.tar', mimeType: 'application/x-tar', buffer: damaged });
  const outcome = await page.evaluate(
    async ([host]) => {
      const { weights } = insitu.createClient({ hub: { host: host! } });
      await weights.clear();
      const error = await weights
        .importPack(document.querySelector('input')!.files![0]!)
        .catch(({ code }) => code as string);
      return { error, models: (await weights.list()).length };
    },
    [hub.url],
  );
  expect(outcome).toEqual({ error: 'INTEGRITY_MISMATCH', models: 0 });
  await elsewhere.close();
});

test('a model is prefetched without a runtime, and is there afterwards', async ({ ready, site, hub }) => {
  site.requests.length = 0;
  const seen = await ready.evaluate(
    async ([host, reference]) => {
      const { weights } = insitu.createClient({ hub: { host: host! } });
      const before = await weights.has(reference!);
      let progress = 0;
      await weights.prefetch('feature-extraction', reference, { onProgress: (event) => (progress = event.progress) });
      const q8 = await weights.has(reference!, { dtype: 'q8' });
      const fp32 = await weights.has(reference!, { dtype: 'fp32' });
      return { before, q8, fp32, progress, usage: await weights.usage() };
    },
    [hub.url, model],
  );
  expect(seen).toMatchObject({ before: false, q8: true, fp32: false, progress: 1 });
  expect(seen.usage).toMatchObject({ models: 22_699_284 + 711_661 + 487 + 366, storage: 'indexeddb' });
  expect(site.requests.filter((path) => path.includes('runtime') || path.includes('ort-wasm'))).toEqual([]);
  hub.clearLog();
  await load(ready, { host: hub.url });
  expect(hub.log).toEqual([]);
  const left = await ready.evaluate(
    async ([host, reference]) => {
      const { weights } = insitu.createClient({ hub: { host: host! } });
      await weights.remove(reference!);
      return weights.list();
    },
    [hub.url, model],
  );
  expect(left).toEqual([]);
});

test('files that the user chose are a model', async ({ ready, hub }) => {
  await ready.evaluate(() => {
    const input = Object.assign(document.createElement('input'), { type: 'file', multiple: true });
    document.body.append(input);
  });
  const { folder } = await import('./hub-test.ts');
  const paths = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];
  await ready.locator('input[type=file]').setInputFiles(paths.map((path) => `${folder}/${path}`));
  const outcome = await ready.evaluate(async () => {
    const files = [...document.querySelector('input')!.files!];
    const sources = new Set<string>();
    const embed = await insitu.pipeline('feature-extraction', files, {
      onProgress: ({ ...event }) => 'source' in event && sources.add(event.source),
    });
    const { data } = await embed('The ferry is late.', { pooling: 'mean', normalize: true });
    await embed.dispose();
    return { values: [...data.slice(0, 8)], sources: [...sources], stored: await insitu.weights.list() };
  });
  const control = await load(ready, { host: hub.url });
  expect(outcome).toEqual({ values: control.values, sources: ['disk'], stored: [] });
});
