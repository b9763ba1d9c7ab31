import { type Page, chromium } from '@playwright/test';
import { findChromium, launchArguments } from '../scripts/chromium/find-chromium.mjs';
import { classifier, embedder, startSite } from './support/site.ts';
import { type TabGlobals, countWorkers, embedIn, loadIn, openTab, statsOf, stunts } from './support/tabs.ts';
import { expect, openLibrary, test } from './support/test.ts';

const texts = ['The quick brown fox.', 'A waste of an evening.'];

/** The numbers of a client that does not share. */
async function embedAlone(page: Page, model: string, input: string[]): Promise<number[]> {
  return page.evaluate(
    async ([reference, given]) => {
      const client = insitu.createClient({ threads: 1, workers: 1 });
      const embed = await client.pipeline('feature-extraction', reference);
      const { data } = await embed(given, { pooling: 'mean' });
      await client.close();
      return [...data.slice(0, 16)];
    },
    [model, input] as const,
  );
}

test('four tabs have one worker and one copy, and the numbers of a tab alone', async ({ ready, context, site }) => {
  const alone = await embedAlone(ready, embedder, texts);
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

test('an owner that is closed during a load: another goes on, and all have it', async ({ context, site }) => {
  const [owner, guest, other] = [
    await openTab(context, site),
    await openTab(context, site),
    await openTab(context, site),
  ];
  // Of the owner's requests, that for the graph is never answered.
  const asked = new Promise<void>((resolve) => void owner.route('**/*.onnx', () => resolve()));
  loadIn(owner, embedder).catch(() => {});
  await asked;
  const loads = [loadIn(guest, embedder), loadIn(other, embedder)];
  await expect.poll(async () => (await statsOf(guest)).tab).toBe('guest');
  expect(countWorkers([owner, guest, other])).toBe(1);
  await owner.close();
  await Promise.all(loads);
  const numbers = await Promise.all([guest, other].map((tab) => embedIn(tab, texts)));
  expect(numbers[0]).toEqual(numbers[1]);
  expect(numbers[0]).toEqual(await embedAlone(other, embedder, texts));
  await expect.poll(() => countWorkers([guest, other])).toBe(1);
});

for (const { how, end } of [
  { how: 'closed', end: (page: Page) => page.close() },
  { how: 'reloaded', end: (page: Page) => page.reload() },
  { how: 'sent elsewhere', end: (page: Page) => page.goto('about:blank') },
  {
    how: 'told to close its client',
    end: (page: Page) => page.evaluate(() => (globalThis as unknown as TabGlobals).client.close()),
  },
]) {
  test(`an owner that is ${how} during a run, while calls wait: all of them are answered`, async ({
    context,
    site,
  }) => {
    const tabs = [await openTab(context, site), await openTab(context, site), await openTab(context, site)];
    for (const tab of tabs) await loadIn(tab, stunts);
    const [owner, guest, other] = tabs as [Page, Page, Page];
    expect((await statsOf(owner)).tab).toBe('owner');
    const words = ['slow', 'brief', 'the', 'of'];
    const calls = [guest, other].flatMap((tab) => words.map((word) => embedIn(tab, [word])));
    await expect
      .poll(async () => {
        const { queue } = await statsOf(guest);
        return queue.running === 1 && queue.waiting > 0;
      })
      .toBe(true);
    await end(owner);
    const numbers = await Promise.all(calls);
    const expected: number[][] = [];
    for (const word of words) expected.push(await embedAlone(other, stunts, [word]));
    expect(numbers).toEqual([...expected, ...expected]);
    const roles = await Promise.all([guest, other].map(async (tab) => (await statsOf(tab)).tab));
    expect(roles.sort((a, b) => a.localeCompare(b))).toEqual(['guest', 'owner']);
    await expect.poll(() => countWorkers(tabs)).toBe(1);
  });
}

test('a guest that is closed during a run: the run stops, and its models go', async ({ context, site }) => {
  const [owner, guest] = [await openTab(context, site), await openTab(context, site)];
  await loadIn(owner, stunts);
  await loadIn(guest, classifier.replace('-sst2', ''));
  await loadIn(guest, stunts);
  embedIn(
    guest,
    Array.from({ length: 60 }, () => 'slow'),
  ).catch(() => {});
  const seen = async () => {
    const { queue, models, workers } = await statsOf(owner);
    return [queue.running, models.length, workers.length];
  };
  await expect.poll(seen).toEqual([1, 2, 1]);
  await guest.close();
  await expect.poll(seen, { timeout: 20_000 }).toEqual([0, 1, 1]);
  expect(await embedIn(owner, ['brief'])).toEqual(await embedAlone(owner, stunts, ['brief']));
});

test('a guest’s abort within a step ends the step, and its next call is answered', async ({ context, site }) => {
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
  expect(await embedIn(guest, ['the'])).toEqual(await embedAlone(guest, stunts, ['the']));
  expect((await statsOf(guest)).models[0]!.aborted.terminated).toBe(1);
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

test('without tabs.js a load rejects with WORKER_START_FAILED and says what is missing', async ({ context, site }) => {
  await context.route('**/dist/tabs.js', (route) => route.fulfill({ status: 404, body: 'Not found' }));
  const page = await openTab(context, site);
  await expect(loadIn(page, stunts)).rejects.toThrow(/tabs\.js answered 404/);
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

test('tabs that come and go at random: each call is answered, with one worker in the end', async ({
  context,
  site,
}) => {
  test.setTimeout(120_000);
  const seed = Math.floor(Math.random() * 2 ** 32);
  test.info().annotations.push({ type: 'seed', description: String(seed) });
  console.log(`seed ${seed}`);
  const random = createRandom(seed);
  const right = new Map<string, number[]>();
  const first = await openTab(context, site);
  for (const word of ['the', 'of', 'brief']) right.set(word, await embedAlone(first, stunts, [word]));
  let tabs = [first];
  await loadIn(first, stunts);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)]!;
  for (let round = 0; round < 20; round++) {
    if (tabs.length < 2 || (tabs.length < 5 && random() < 0.5)) {
      const tab = await openTab(context, site);
      await loadIn(tab, stunts);
      tabs.push(tab);
    }
    const leaving = random() < 0.6 ? pick(tabs) : undefined;
    const staying = tabs.filter((tab) => tab !== leaving);
    const words = staying.map(() => pick([...right.keys()]));
    // The one that leaves has calls too, which end with it.
    if (leaving) embedIn(leaving, ['brief', 'brief']).catch(() => {});
    const calls = staying.map((tab, at) => embedIn(tab, [words[at]!]));
    if (leaving && tabs.length > 1) {
      await leaving.close({ runBeforeUnload: false });
      tabs = staying;
    }
    expect(await Promise.all(calls), `round ${round} of seed ${seed}`).toEqual(words.map((word) => right.get(word)));
  }
  await expect.poll(() => countWorkers(tabs)).toBe(1);
  const roles = await Promise.all(tabs.map(async (tab) => (await statsOf(tab)).tab));
  expect(roles.filter((role) => role === 'owner')).toHaveLength(1);
});

test.describe('in a browser of its own', () => {
  const launch = async () => {
    const executablePath = await findChromium();
    return chromium.launch({
      ...(executablePath && { executablePath }),
      args: [...launchArguments(), '--host-resolver-rules=MAP insecure.example 127.0.0.1'],
      // Playwright turns the back/forward cache off.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    });
  };

  test('a page that is not secure has its own workers, and the plan says why', async ({ site }) => {
    const browser = await launch();
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

  test('a page in the back/forward cache owns nothing, and its calls are answered when it is back', async ({
    site,
  }) => {
    const browser = await launch();
    try {
      const context = await browser.newContext();
      const [owner, guest] = [await openTab(context, site), await openTab(context, site)];
      for (const tab of [owner, guest]) await loadIn(tab, stunts);
      await owner.evaluate(() => {
        addEventListener('pageshow', ({ persisted }) => console.log('shown', persisted));
        const { embed } = globalThis as unknown as TabGlobals;
        Object.assign(globalThis, { call: embed(['slow', 'the'], { pooling: 'mean' }) });
      });
      await expect.poll(async () => (await statsOf(guest)).queue.running).toBe(1);
      await owner.goto(`${site.url}/pages/script-tag.html`);
      await expect.poll(async () => (await statsOf(guest)).tab).toBe('owner');
      const shown = owner.waitForEvent('console', (message) => message.text().startsWith('shown'));
      await owner.evaluate(() => history.back()).catch(() => {});
      expect((await shown).text()).toBe('shown true');
      const back = await owner.evaluate(async () => {
        const tab = globalThis as unknown as TabGlobals & { call: Promise<{ data: Float32Array }> };
        return { data: [...(await tab.call).data], roles: tab.roles, tab: (await tab.client.stats()).tab };
      });
      expect(back).toEqual({
        data: await embedIn(guest, ['slow', 'the']),
        roles: ['owner', 'guest'],
        tab: 'guest',
      });
      expect(countWorkers([guest])).toBe(1);
    } finally {
      await browser.close();
    }
  });
});

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
