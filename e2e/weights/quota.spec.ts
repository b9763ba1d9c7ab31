import type { Page } from '@playwright/test';
import { expect, expectGraphStored, folder, graph, load, model, storedFiles, test } from './hub-test.ts';

const megabyte = 1024 * 1024;

async function setQuota(page: Page, url: string, megabytes: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: url, quotaSize: Math.round(megabytes * megabyte) });
}

const storedModels = (page: Page) =>
  page.evaluate(async () => (await insitu.weights.list()).map(({ model: name }) => name).sort());

test('too little room: the model works from memory, says so, and nothing of it stays', async ({ ready, site, hub }) => {
  await setQuota(ready, site.url, 10);
  const { events, values } = await load(ready, { host: hub.url });
  expect(values).toHaveLength(8);
  expect(events.find(({ status }) => status === 'not-stored')).toMatchObject({
    code: 'STORAGE_QUOTA',
    hint: expect.stringMatching(/weights/),
  });
  expect((await storedFiles(ready)).filter(({ path }) => path === graph)).toEqual([]);
  // Once there is room, the next load stores it.
  await setQuota(ready, site.url, 200);
  const next = await load(ready, { host: hub.url });
  expect(next.events.filter(({ status }) => status === 'not-stored')).toEqual([]);
  await expectGraphStored(ready);
});

test('prefetch into too little room is STORAGE_QUOTA', async ({ ready, site, hub }) => {
  await setQuota(ready, site.url, 10);
  const error = await ready.evaluate(
    ([host, reference]) =>
      insitu
        .createClient({ hub: { host: host! } })
        .weights.prefetch('feature-extraction', reference)
        .catch(({ code, message, hint }) => ({ code, message, hint })),
    [hub.url, model],
  );
  expect(error).toMatchObject({ code: 'STORAGE_QUOTA', message: expect.stringMatching(/storage/) });
});

test('short of room, the model that was not used for longest goes; never a pinned one, never one in use', async ({
  ready,
  hub,
}) => {
  for (const name of ['test/oldest', 'test/older', 'test/pinned', 'test/in-use', 'test/newest'])
    await hub.publishFolder(name, folder);
  const host = hub.url;
  await load(ready, { host, reference: 'test/pinned' });
  await load(ready, { host, reference: 'test/oldest' });
  await load(ready, { host, reference: 'test/older' });
  await load(ready, { host, reference: 'test/in-use', stay: true });
  await ready.evaluate(
    ([hubHost]) => insitu.createClient({ hub: { host: hubHost! } }).weights.pin('test/pinned'),
    [host],
  );
  await failWrites(ready, { model: 'test/newest', times: 1 });
  const { events } = await load(ready, { host, reference: 'test/newest' });
  expect(events.filter(({ status }) => status === 'not-stored')).toEqual([]);
  expect(await storedModels(ready)).toEqual(['test/in-use', 'test/newest', 'test/older', 'test/pinned']);
});

test('a disk that is full is no harm: the model works, and says that it is not stored', async ({ ready, hub }) => {
  await failWrites(ready, { model: '', times: 1000 });
  const { values, events } = await load(ready, { host: hub.url });
  expect(values).toHaveLength(8);
  expect(events.find(({ status }) => status === 'not-stored')).toMatchObject({ code: 'STORAGE_QUOTA' });
  expect((await storedFiles(ready)).filter(({ complete }) => complete)).toEqual([]);
});

/**
 * Makes the first writes of a model's parts fail in workers that start from now on, as on a disk that is full. What browsers say
 * of the room that is left is no measure of it.
 */
function failWrites(page: Page, rule: { model: string; times: number }): Promise<void> {
  return page.evaluate(({ model: name, times }) => {
    const original = globalThis.Worker;
    globalThis.Worker = class extends original {
      constructor(url: string | URL, options?: WorkerOptions) {
        const moduleOf = (source: string) => URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
        const patch = moduleOf(`
          let left = ${times};
          const put = IDBObjectStore.prototype.put;
          IDBObjectStore.prototype.put = function (value, key) {
            if (key?.[0] === 'part' && key[1].includes('${name}') && left-- > 0)
              throw new DOMException('The disk is full.', 'QuotaExceededError');
            return put.call(this, value, key);
          };`);
        super(moduleOf(`import '${patch}'; import '${String(url)}';`), options);
      }
    };
  }, rule);
}
