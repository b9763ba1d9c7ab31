import type { Page } from '@playwright/test';
import { embedder, startSite } from './support/site.ts';
import {
  type TabGlobals,
  countWorkers,
  embedAlone,
  embedIn,
  launchOwnBrowser,
  loadIn,
  openTab,
  statsOf,
  stunts,
} from './support/tabs.ts';
import { expect, openLibrary, test } from './support/test.ts';

const texts = ['The quick brown fox.', 'A waste of an evening.'];

test('four tabs have one worker and one copy, and the numbers of a tab alone', async ({ ready, context, site }) => {
  const [alone] = await embedAlone(ready, embedder, [texts]);
  await expect.poll(() => ready.workers().length).toBe(0);
  const tabs: Page[] = [];
  for (let count = 0; count < 4; count++) tabs.push(await openTab(context, site));
  await Promise.all(tabs.map((tab) => loadIn(tab, embedder)));
  const numbers = await Promise.all(tabs.map((tab) => embedIn(tab, texts)));
  expect(numbers).toEqual([alone, alone, alone, alone]);
  expect(countWorkers(tabs)).toBe(1);
  const stats = await Promise.all(tabs.map(statsOf));
  expect(stats.map(({ tab }) => tab).sort((a, b) => a.localeCompare(b))).toEqual(['guest', 'guest', 'guest', 'owner']);
  for (const each of stats) {
    expect(each.models).toEqual([expect.objectContaining({ replicas: 1, loads: 1, answered: 4 })]);
    expect(each.workers).toHaveLength(1);
  }
  const reasons = await Promise.all(
    tabs.map((tab) => tab.evaluate(() => (globalThis as unknown as TabGlobals).embed.plan.reasons.join(' '))),
  );
  for (const [at, each] of reasons.entries()) {
    expect(each).toContain(`in a worker of ${stats[at]!.tab === 'owner' ? 'this' : 'another'} tab.`);
  }
  // The last one to dispose of it ends the worker, and leaves no lock behind.
  for (const tab of tabs) await tab.evaluate(() => (globalThis as unknown as TabGlobals).embed.dispose());
  await expect.poll(() => countWorkers(tabs)).toBe(0);
  const locks = () => ready.evaluate(async () => (await navigator.locks.query()).held!.map(({ name }) => name));
  await expect.poll(locks).toEqual([]);
});

test('the lock that makes the owner names the version of the library', async ({ context, site }) => {
  const tab = await openTab(context, site);
  await loadIn(tab, stunts);
  const names = await tab.evaluate(async () => (await navigator.locks.query()).held!.map(({ name }) => name));
  expect(names).toContainEqual(expect.stringMatching(/^insitu owner \["\d+\.\d+\.\d+/));
});

test('a guest’s abort ends its run in the owner’s worker, and its next call is answered', async ({ context, site }) => {
  const [owner, guest] = [await openTab(context, site), await openTab(context, site)];
  for (const tab of [owner, guest]) await loadIn(tab, stunts);
  const outcome = guest.evaluate(async () => {
    const { embed } = globalThis as unknown as TabGlobals;
    const controller = new AbortController();
    Object.assign(globalThis, { controller });
    // One text of many slow words is one step.
    return embed('slow '.repeat(100), { signal: controller.signal }).then(
      () => 'answered',
      (reason: unknown) => String(reason),
    );
  });
  await expect.poll(async () => (await statsOf(owner)).queue.running).toBe(1);
  await guest.evaluate(() => (globalThis as unknown as { controller: AbortController }).controller.abort('enough'));
  expect(await outcome).toBe('enough');
  expect([await embedIn(guest, ['the'])]).toEqual(await embedAlone(guest, stunts, [['the']]));
  // Whether the step had begun, and could be stopped within, is for the worker to know.
  const { queued, step, terminated } = (await statsOf(guest)).models[0]!.aborted;
  expect([queued, step + terminated]).toEqual([0, 1]);
});

test('errors of a guest’s calls are what they are in a tab alone', async ({ context, site }) => {
  const [owner, guest] = [await openTab(context, site, { maxQueue: 2 }), await openTab(context, site, { maxQueue: 2 })];
  for (const tab of [owner, guest]) await loadIn(tab, stunts);
  const errors = await guest.evaluate(async () => {
    const { embed, client } = globalThis as unknown as TabGlobals;
    const seen = (call: Promise<unknown>) =>
      call.then(
        () => 'answered',
        (error: unknown) => [error instanceof insitu.InsituError, insitu.isInsituError(error) && error.code],
      );
    const shared = new Float32Array(new SharedArrayBuffer(8)) as unknown as string;
    return {
      missing: await seen(client.pipeline('feature-extraction', '/models/none/')),
      input: await seen(embed(7 as unknown as string)),
      uncloneable: await seen(embed((() => {}) as unknown as string)),
      shared: await seen(embed(shared)),
      full: (await Promise.all(Array.from({ length: 8 }, () => seen(embed('slow'))))).at(-1),
      after: await seen(embed('the')),
    };
  });
  expect(errors).toEqual({
    missing: [true, 'MODEL_NOT_FOUND'],
    input: [true, 'INPUT_INVALID'],
    uncloneable: [true, 'INPUT_INVALID'],
    shared: [true, 'INPUT_INVALID'],
    full: [true, 'QUEUE_FULL'],
    after: 'answered',
  });
});

test('two clients of one page share, and so does a script tag with a module', async ({ context, site }) => {
  const page = await openTab(context, site);
  await loadIn(page, stunts);
  const tab = await page.evaluate(async (model) => {
    const client = insitu.createClient({ shared: true, threads: 1, workers: 1 });
    const embed = await client.pipeline('feature-extraction', model);
    await embed('the');
    return (await client.stats()).tab;
  }, stunts);
  expect(tab).toBe('guest');
  const script = await context.newPage();
  await openLibrary(script, `${site.url}/pages/script-tag.html`);
  const other = await script.evaluate(async (model) => {
    const client = insitu.createClient({ shared: true, threads: 1, workers: 1 });
    await (
      await client.pipeline('feature-extraction', model)
    )('the');
    return (await client.stats()).tab;
  }, stunts);
  expect(other).toBe('guest');
  expect(countWorkers([page, script])).toBe(1);
});

test('another profile and another origin have nothing to do with it', async ({ context, browser, site }) => {
  const elsewhere = await startSite();
  const profile = await browser.newContext();
  try {
    const tabs = [await openTab(context, site), await openTab(profile, site), await openTab(context, elsewhere)];
    for (const tab of tabs) await loadIn(tab, stunts);
    expect(await Promise.all(tabs.map(async (tab) => (await statsOf(tab)).tab))).toEqual(['owner', 'owner', 'owner']);
    expect(countWorkers(tabs)).toBe(3);
  } finally {
    await profile.close();
    await elsewhere.close();
  }
});

test('without tabs.js a load rejects with WORKER_START_FAILED and works once it is there', async ({
  context,
  site,
}) => {
  await context.route('**/dist/tabs.js', (route) => route.fulfill({ status: 404, body: 'Not found' }));
  const page = await openTab(context, site);
  await expect(loadIn(page, stunts)).rejects.toThrow(/tabs\.js answered 404/);
  await context.unroute('**/dist/tabs.js');
  await loadIn(page, stunts);
  expect((await statsOf(page)).tab).toBe('owner');
});

test('a folder of the disk is in the owner’s worker, for its tab alone', async ({ context, site }) => {
  const [owner, guest] = [await openTab(context, site), await openTab(context, site)];
  await loadIn(owner, stunts);
  const numbers = await guest.evaluate(async (model) => {
    const { client } = globalThis as unknown as TabGlobals;
    const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle('stunts', { create: true });
    const onnx = await folder.getDirectoryHandle('onnx', { create: true });
    const files: File[] = [];
    for (const name of names) {
      const blob = await (await fetch(model + name)).blob();
      const handle = await (name.startsWith('onnx/') ? onnx : folder).getFileHandle(name.replace('onnx/', ''), {
        create: true,
      });
      const writable = await handle.createWritable();
      await writable.write(blob);
      await writable.close();
      const file = new File([blob], name.replace('onnx/', ''));
      Object.defineProperty(file, 'webkitRelativePath', { value: `stunts/${name}` });
      files.push(file);
    }
    const results: number[][] = [];
    for (const reference of [files, folder]) {
      const embed = await client.pipeline('feature-extraction', reference);
      results.push([...(await embed('the', { pooling: 'mean' })).data]);
    }
    return results;
  }, stunts);
  const expected = await embedIn(owner, ['the']);
  expect(numbers).toEqual([expected, expected]);
  expect((await statsOf(owner)).models.map(({ state }) => state)).toEqual(['loaded', 'loaded', 'loaded']);
  expect(countWorkers([owner, guest])).toBe(1);
});

test('a page that is not secure has its own workers, and the plan says why', async ({ site }) => {
  const browser = await launchOwnBrowser();
  try {
    const context = await browser.newContext();
    const insecure = { ...site, url: site.url.replace('127.0.0.1', 'insecure.example') };
    const tabs = [await openTab(context, insecure), await openTab(context, insecure)];
    expect(await tabs[0]!.evaluate(() => isSecureContext)).toBe(false);
    for (const tab of tabs) {
      await loadIn(tab, stunts);
      expect((await statsOf(tab)).tab).toBe('alone');
      const seen = await tab.evaluate(() => {
        const { embed, roles } = globalThis as unknown as TabGlobals;
        return { roles, reasons: embed.plan.reasons };
      });
      expect(seen.roles).toEqual(['alone']);
      expect(seen.reasons.at(-1)).toBe(
        'The model is not shared with other tabs: this page has no Web Locks, which need a secure context (https:).',
      );
    }
    expect(await embedIn(tabs[0]!, ['the'])).toEqual(await embedIn(tabs[1]!, ['the']));
    expect(countWorkers(tabs)).toBe(2);
  } finally {
    await browser.close();
  }
});
