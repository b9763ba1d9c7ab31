import type { Page } from '@playwright/test';
import { embedder } from './support/site.ts';
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
import { expect, test } from './support/test.ts';

const texts = ['The quick brown fox.', 'A waste of an evening.'];

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
  expect(numbers[0]).toEqual((await embedAlone(other, embedder, [texts]))[0]);
  await expect.poll(() => countWorkers([guest, other])).toBe(1);
});

for (const { how, end } of [
  { how: 'closed', end: (page: Page) => page.close() },
  { how: 'reloaded', end: (page: Page) => page.reload() },
  // The page never answers: its renderer is gone.
  { how: 'crashed', end: (page: Page) => void page.goto('chrome://crash').catch(() => {}) },
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
    const expected = await embedAlone(
      other,
      stunts,
      words.map((word) => [word]),
    );
    expect(numbers).toEqual([...expected, ...expected]);
    const roles = await Promise.all([guest, other].map(async (tab) => (await statsOf(tab)).tab));
    expect(roles.sort((a, b) => a.localeCompare(b))).toEqual(['guest', 'owner']);
    await expect.poll(() => countWorkers(tabs)).toBe(1);
  });
}

test('a guest that is closed during a run: the run stops, and its models go', async ({ context, site }) => {
  const [owner, guest] = [await openTab(context, site), await openTab(context, site)];
  await loadIn(owner, stunts);
  await loadIn(guest, embedder);
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
  expect([await embedIn(owner, ['brief'])]).toEqual(await embedAlone(owner, stunts, [['brief']]));
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
  const vocabulary = ['the', 'of', 'brief'];
  const first = await openTab(context, site);
  const numbers = await embedAlone(
    first,
    stunts,
    vocabulary.map((word) => [word]),
  );
  const right = new Map(vocabulary.map((word, at) => [word, numbers[at]]));
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
    const words = staying.map(() => pick(vocabulary));
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

test('a page in the back/forward cache owns nothing, and its calls are answered when it is back', async ({ site }) => {
  const browser = await launchOwnBrowser();
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
