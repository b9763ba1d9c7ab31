import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hub } from '../hub/hub-server.ts';
import { openLibrary } from '../support/test.ts';
import { expect, folder, graph, graphBytes, load, model, openPage, test } from './hub-test.ts';

/** Publishes the model with a config of another version. */
async function publishNewConfig(hub: Hub): Promise<string> {
  const [config, tokenizer, tokenizerConfig] = await Promise.all(
    ['config.json', 'tokenizer.json', 'tokenizer_config.json'].map((name) => readFile(join(folder, name))),
  );
  return hub.publish(model, {
    'config.json': `${JSON.stringify({ ...JSON.parse(String(config)), version: 2 })}\n`,
    'tokenizer.json': tokenizer!,
    'tokenizer_config.json': tokenizerConfig!,
    [graph]: graphBytes,
  });
}

const storedConfig = (page: import('@playwright/test').Page) =>
  page.evaluate(async () => (await insitu.weights.list())[0]?.files.find(({ path }) => path === 'config.json')?.sha256);

test('a branch is served at once and compared once a session: a new version costs the files that changed', async ({
  ready,
  site,
  hub,
  context,
}) => {
  await load(ready, { host: hub.url });
  const before = await storedConfig(ready);
  await publishNewConfig(hub);
  hub.clearLog();

  // The same session knows it already.
  await openLibrary(ready, `${site.url}/pages/module.html`);
  await load(ready, { host: hub.url });
  expect(hub.log).toEqual([]);

  const next = await openPage(context, site.url);
  const served = await load(next, { host: hub.url, stay: true });
  expect(served.source).toBe('store');
  await expect.poll(() => storedConfig(next), { timeout: 20_000 }).not.toBe(before);
  expect(hub.count('config.json')).toBe(1);
  expect(hub.count('tokenizer.json')).toBe(0);
  expect(hub.count(graph)).toBe(0);

  hub.clearLog();
  await openLibrary(next, `${site.url}/pages/module.html`);
  await load(next, { host: hub.url });
  expect(hub.log).toEqual([]);
});

test('`always` asks before it serves', async ({ ready, hub }) => {
  await load(ready, { host: hub.url });
  const before = await storedConfig(ready);
  await publishNewConfig(hub);
  hub.clearLog();
  await load(ready, { host: hub.url, options: { revalidate: 'always' } });
  expect(await storedConfig(ready)).not.toBe(before);
  expect(hub.count('config.json')).toBe(1);
  expect(hub.count(graph)).toBe(0);
});

test('`always` without a network serves what is stored', async ({ ready, hub }) => {
  const first = await load(ready, { host: hub.url });
  hub.fault({ path: /.*/ }, { kind: 'drop' });
  const second = await load(ready, { host: hub.url, options: { revalidate: 'always' } });
  expect(second.values).toEqual(first.values);
});

test('`never`, and a commit, are never asked about', async ({ ready, site, hub, context }) => {
  const commit = await publishNewConfig(hub);
  await load(ready, { host: hub.url });
  await load(ready, { host: hub.url, reference: `${model}@${commit}` });
  hub.clearLog();
  const next = await openPage(context, site.url);
  await load(next, { host: hub.url, options: { revalidate: 'never' } });
  await load(next, { host: hub.url, reference: `${model}@${commit}`, options: { revalidate: 'always' } });
  expect(hub.log).toEqual([]);
});

test('a private model needs its token, which is not stored', async ({ ready, hub }) => {
  hub.gate(model, 'hf_secret');
  const refused = await ready.evaluate(
    async ([host, reference]) => {
      const client = insitu.createClient({ hub: { host: host! } });
      return client.pipeline('feature-extraction', reference!).catch(({ code, hint }) => ({ code, hint }));
    },
    [hub.url, model],
  );
  expect(refused).toEqual({ code: 'HTTP_STATUS', hint: expect.stringMatching(/token/) });
  await load(ready, { host: hub.url, token: 'hf_secret' });
  // The bytes come from another host, which must not see it.
  expect(hub.log.filter(({ origin, headers }) => origin === 'cdn' && headers.authorization)).toEqual([]);
  const leaked = await ready.evaluate(async () => {
    const settle = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)));
    const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    for (const { name } of await indexedDB.databases()) {
      const database = await settle(indexedDB.open(name!));
      for (const store of database.objectStoreNames) {
        texts.push(JSON.stringify(await settle(database.transaction(store).objectStore(store).getAll())));
        texts.push(JSON.stringify(await settle(database.transaction(store).objectStore(store).getAllKeys())));
      }
    }
    return texts.some((text) => text.includes('hf_secret'));
  });
  expect(leaked).toBe(false);
});
