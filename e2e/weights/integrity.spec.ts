import type { Page } from '@playwright/test';
import { openLibrary } from '../support/test.ts';
import {
  expect,
  expectGraphStored,
  graph,
  graphBytes,
  graphSha256,
  load,
  model,
  openPage,
  storedBytes,
  storedFiles,
  test,
} from './hub-test.ts';

/** Stores the model in several parts: what a connection has brought is written once it has been quiet for a second. */
async function storeInParts(page: Page, hub: import('../hub/hub-server.ts').Hub): Promise<number> {
  const third = 7_500_000;
  const stalls = [true, false].map((thenBreak) =>
    hub.fault({ path: graph, times: 1 }, { kind: 'stall', after: third, thenBreak }),
  );
  const loading = load(page, { host: hub.url });
  for (const [index, goOn] of stalls.entries()) {
    await expect.poll(() => storedBytes(page, graph), { timeout: 20_000 }).toBe((index + 1) * third);
    goOn();
  }
  await loading;
  hub.clearLog();
  const parts = await withParts(page, 'count');
  expect(parts.length).toBeGreaterThanOrEqual(3);
  return parts.length;
}

type Damage =
  | 'count'
  | 'flip a byte'
  | 'drop a part'
  | 'swap two parts'
  | 'drop the record of a part'
  | 'forget the parts';

/** Changes the graph's parts behind the store's back. @returns The sizes of its parts before. */
function withParts(page: Page, damage: Damage): Promise<number[]> {
  return page.evaluate(
    async ([what, path]) => {
      const settle = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error!);
        });
      const database = await settle(indexedDB.open('insitu-weights'));
      const open = () => database.transaction('files', 'readwrite').objectStore('files');
      const keys = ((await settle(open().getAllKeys())) as unknown[][]).filter((key) => key[2] === path);
      const partKeys = keys.filter(([kind]) => kind === 'part') as IDBValidKey[];
      const recordKey = keys.find(([kind]) => kind === 'file') as IDBValidKey;
      const parts: { blob: Blob; index: number }[] = [];
      for (const key of partKeys) parts.push(await settle(open().get(key)));
      if (what === 'flip a byte') {
        const bytes = new Uint8Array(await parts[1]!.blob.arrayBuffer());
        bytes[bytes.length >> 1]! ^= 1;
        await settle(open().put({ ...parts[1], blob: new Blob([bytes]) }, partKeys[1]));
      }
      if (what === 'drop a part') await settle(open().delete(partKeys[1]!));
      if (what === 'swap two parts') {
        await settle(open().put({ ...parts[0], blob: parts[1]!.blob }, partKeys[0]));
        await settle(open().put({ ...parts[1], blob: parts[0]!.blob }, partKeys[1]));
      }
      if (what === 'forget the parts') for (const key of partKeys) await settle(open().delete(key));
      if (what === 'drop the record of a part') {
        const record = await settle(open().get(recordKey));
        record.whole.parts.pop();
        await settle(open().put(record, recordKey));
      }
      database.close();
      return parts.map(({ blob }) => blob.size);
    },
    [damage, graph] as const,
  );
}

for (const damage of ['flip a byte', 'drop a part'] as const) {
  test(`${damage} of what is stored: the load notices, and fetches that part alone`, async ({ ready, hub }) => {
    await storeInParts(ready, hub);
    const control = await load(ready, { host: hub.url });
    expect(hub.count(graph)).toBe(0);
    const sizes = await withParts(ready, damage);
    const mended = await load(ready, { host: hub.url });
    expect(mended.values).toEqual(control.values);
    expect(hub.count(graph)).toBe(1);
    expect(hub.sent(graph)).toBe(sizes[1]);
    await expectGraphStored(ready);
    await load(ready, { host: hub.url });
    expect(hub.count(graph)).toBe(1);
  });
}

test('two swapped parts are both fetched again, and nothing else', async ({ ready, hub }) => {
  await storeInParts(ready, hub);
  const sizes = await withParts(ready, 'swap two parts');
  await load(ready, { host: hub.url });
  expect(hub.sent(graph)).toBe(sizes[0]! + sizes[1]!);
  await expectGraphStored(ready);
});

test('a record that lost a part is no file: it is fetched again', async ({ ready, hub }) => {
  await storeInParts(ready, hub);
  await withParts(ready, 'drop the record of a part');
  await load(ready, { host: hub.url });
  expect(hub.sent(graph)).toBe(graphBytes.length);
  await expectGraphStored(ready);
});

test('an entry whose parts are all gone is mended part by part', async ({ ready, hub }) => {
  const count = await storeInParts(ready, hub);
  await withParts(ready, 'forget the parts');
  await load(ready, { host: hub.url });
  expect(hub.count(graph)).toBe(count);
  expect(hub.sent(graph)).toBe(graphBytes.length);
  await expectGraphStored(ready);
});

test('damage that cannot be mended is INTEGRITY_MISMATCH, and the store stays usable', async ({ ready, hub }) => {
  await storeInParts(ready, hub);
  await withParts(ready, 'flip a byte');
  const [verified] = await ready.evaluate(async () => {
    const models = await insitu.weights.list();
    return Promise.all(models.map(({ url }) => insitu.weights.verify(url)));
  });
  expect(verified).toEqual({ ok: false, damaged: [graph] });
  const local = await failingLoad(ready, hub.url, { localFilesOnly: true });
  expect(local).toMatchObject({ code: 'INTEGRITY_MISMATCH', message: expect.stringContaining(graph) });
  const refused = hub.fault({ path: graph }, { kind: 'status', status: 404 });
  expect(await failingLoad(ready, hub.url)).toMatchObject({ code: 'INTEGRITY_MISMATCH' });
  refused();
  await load(ready, { host: hub.url });
  await expectGraphStored(ready);
});

test('a byte that is changed on the way is noticed by its SHA-256, and fetched once more', async ({ ready, hub }) => {
  hub.fault({ path: graph, times: 1 }, { kind: 'flip', offset: 9_876_543 });
  await load(ready, { host: hub.url });
  expect(hub.count(graph)).toBe(2);
  await expectGraphStored(ready);
});

test('a server that keeps sending other bytes gives INTEGRITY_MISMATCH, and nothing is stored of them', async ({
  ready,
  hub,
}) => {
  const mend = hub.fault({ path: graph }, { kind: 'flip', offset: 9_876_543 });
  const error = await failingLoad(ready, hub.url);
  expect(error).toMatchObject({ code: 'INTEGRITY_MISMATCH', message: expect.stringContaining(graphSha256) });
  expect(hub.count(graph)).toBe(2);
  expect((await storedFiles(ready)).filter(({ path }) => path === graph)).toEqual([]);
  mend();
  await load(ready, { host: hub.url });
  await expectGraphStored(ready);
});

test('a manifest pins every byte, also of small files, and says what there is', async ({ ready, hub, site }) => {
  const response = await fetch(`${site.url}/models/${model}/manifest.json`);
  const manifest = await response.json();
  await load(ready, { host: hub.url, options: { manifest } });
  expect(hub.log.filter(({ step }) => step === 'raw')).toEqual([]);
  await expectGraphStored(ready);

  const [config, ...others] = manifest.files;
  const wrong = { ...manifest, files: [{ ...config, sha256: '0'.repeat(64) }, ...others] };
  const page = await openPage(ready.context(), site.url);
  const error = await failingLoad(page, hub.url, { manifest: wrong });
  expect(error).toMatchObject({ code: 'INTEGRITY_MISMATCH', message: expect.stringContaining('config.json') });
});

test('a Content-Length that promises more than there is does no harm: the bytes are proven', async ({ ready, hub }) => {
  hub.fault({ path: graph, times: 1 }, { kind: 'wrong-length', extra: 1000 });
  await load(ready, { host: hub.url });
  await expectGraphStored(ready);
});

test.describe('what is no file of the model never enters the store', () => {
  const cases = [
    { what: 'a page', fault: { kind: 'html' }, code: 'ASSET_IS_HTML' },
    { what: 'a page that calls itself binary', fault: { kind: 'html-as-binary' }, code: 'ASSET_IS_HTML' },
    { what: 'a truncated body', fault: { kind: 'truncate', to: 5_000_000 }, code: 'INTEGRITY_MISMATCH' },
  ] as const;
  for (const { what, fault, code } of cases) {
    test(`${what}: ${code}`, async ({ ready, hub }) => {
      const mend = hub.fault({ path: graph }, fault);
      const error = await failingLoad(ready, hub.url);
      expect(error.code).toBe(code);
      expect((await storedFiles(ready)).filter(({ path, complete }) => path === graph && complete)).toEqual([]);
      mend();
      await load(ready, { host: hub.url });
      await expectGraphStored(ready);
    });
  }

  test('a body of another revision: the download begins anew', async ({ ready, hub, site }) => {
    hub.fault({ path: graph, times: 1 }, { kind: 'stall', after: 5_000_000 });
    await ready.evaluate((host) => {
      const client = insitu.createClient({ hub: { host } });
      client.pipeline('feature-extraction', 'insitu/all-MiniLM-L6-v2').catch(() => {});
    }, hub.url);
    await expect
      .poll(async () => (await storedFiles(ready)).find(({ path }) => path === graph)?.size, { timeout: 20_000 })
      .toBe(5_000_000);
    // A graph of another version: one more byte, which changes nothing but the file.
    const other = Buffer.concat([graphBytes, Buffer.from([0x7a, 0x00])]);
    const { readFile } = await import('node:fs/promises');
    const { join } = await import('node:path');
    const { folder } = await import('./hub-test.ts');
    const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];
    const files = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
    );
    hub.publish(model, { ...files, [graph]: other });
    await openLibrary(ready, `${site.url}/pages/module.html`);
    await load(ready, { host: hub.url }).catch(() => {});
    const stored = (await storedFiles(ready)).find(({ path }) => path === graph);
    expect(stored?.size === other.length || stored === undefined).toBe(true);
  });
});

interface Failure {
  code: string;
  message: string;
}

function failingLoad(page: Page, host: string, options: object = {}): Promise<Failure> {
  return page.evaluate(
    async ([hubHost, reference, given]) => {
      const client = insitu.createClient({ hub: { host: hubHost as string } });
      try {
        await client.pipeline('feature-extraction', reference as string, given as object);
        throw new Error('It loaded.');
      } catch (error) {
        const { code, message } = error as Failure;
        return { code, message };
      }
    },
    [host, model, options] as const,
  );
}
