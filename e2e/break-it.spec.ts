import type { Locator, Page } from '@playwright/test';
import { collectComplaints } from './support/model-manager-page.ts';
import { startSite } from './support/site.ts';
import { expect, test } from './support/test.ts';

/** A worker restarts within it, also on a machine that does other things. */
const patience = { timeout: 45_000 };

const zeros = ['overdue', 'unhandled', 'untyped', 'wrong'] as const;

const attackButton = (page: Page, id: string): Locator => page.locator(`button[data-attack="${id}"]`);
/** What the account says of the last attack of a kind. */
const entry = (page: Page, id: string): Locator =>
  page
    .getByTestId('entry')
    .and(page.locator(`[data-attack="${id}"]`))
    .first();
const endedCall = (page: Page, id: string, what: string | RegExp): Locator =>
  entry(page, id).getByTestId('entry-call').filter({ hasText: what });
const countOf = async (page: Page, name: string): Promise<number> => Number(await page.getByTestId(name).innerText());

/** On a machine that does other things a worker may be taken for hung while it starts, and there is one more. */
const endedWorkers = async (page: Page): Promise<number> =>
  Number(/([\d,]+) ended/.exec(await page.getByTestId('workers-line').innerText())?.[1]);

async function openPage(page: Page, site: { url: string }): Promise<void> {
  await page.goto(`${site.url}/break-it/`);
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'ready', patience);
}

/** Presses the button, and waits until everything has settled and a later call was answered. */
async function attack(page: Page, id: string): Promise<void> {
  await attackButton(page, id).click();
  await settled(page, id);
}

async function settled(page: Page, id: string): Promise<void> {
  await expect(entry(page, id)).toHaveAttribute('data-state', 'over', patience);
  await expect(entry(page, id).getByTestId('entry-outcome')).toHaveText(/^answered again after [\d.]+ m?s$/);
  await expect(attackButton(page, id)).toContainText('again after');
  await expect(attackButton(page, id)).toHaveAttribute('aria-disabled', 'false');
}

let complaints: string[] = [];

test.beforeEach(({ page }) => {
  complaints = collectComplaints(page);
  test.setTimeout(180_000);
});

test.afterEach(async ({ page }) => {
  for (const name of zeros) await expect(page.getByTestId(name)).toHaveText('0');
  expect(complaints).toEqual([]);
});

test('the stream is answered, its answers stay the same, and the account of the calls balances', async ({
  page,
  site,
}) => {
  await openPage(page, site);
  await expect.poll(() => countOf(page, 'answered'), patience).toBeGreaterThan(5);
  await expect(page.getByTestId('workers-line')).toContainText('1 worker alive');
  await expect(page.getByTestId('workers-line')).not.toContainText(' 0 answers compared');
  await page.getByTestId('stream').click();
  await expect(page.getByTestId('stream')).toHaveText('Start the calls');
  await expect(page.getByTestId('pending')).toHaveText('0');
  const made = await countOf(page, 'made');

  await attack(page, 'abort-step');
  const calls = await entry(page, 'abort-step').getByTestId('entry-call').count();
  await expect(page.getByTestId('made')).toHaveText(String(made + calls));
  const ends = await Promise.all(['answered', 'rejected', 'aborted'].map((name) => countOf(page, name)));
  expect(ends.reduce((sum, count) => sum + count, 0)).toBe(made + calls);

  await page.getByTestId('stream').click();
  await expect.poll(() => countOf(page, 'made'), patience).toBeGreaterThan(made + calls);
});

test('a worker that is killed, throws or has no memory: the call says so, and the next is answered by another', async ({
  page,
  site,
}) => {
  await openPage(page, site);
  await attack(page, 'kill');
  const killed = endedCall(page, 'kill', 'in the worker when it is killed');
  await expect(killed).toContainText(/WORKER_CRASHED rejected .* after the attack/);
  await expect(killed).toContainText('The worker ended without a word.');
  await expect(killed).toContainText('Call again');
  await expect(killed).toContainText('docs/errors/WORKER_CRASHED.md');
  await expect.poll(() => endedWorkers(page)).toBeGreaterThanOrEqual(1);
  const chart = page.getByTestId('chart');
  await expect(chart.locator('.flag')).toHaveText(/^Killed · again after [\d.]+ m?s$/);
  const code = chart.locator('[data-kind="attack"][data-outcome="rejected"] .call-code');
  await expect(code.filter({ hasText: 'WORKER_CRASHED' })).not.toHaveCount(0);
  await expect(chart.locator('[data-worker="1"]')).toHaveAttribute('data-code', 'WORKER_CRASHED');

  await attack(page, 'throw');
  await expect(endedCall(page, 'throw', 'in the worker when it throws')).toContainText(
    'Sabotage: an exception that nobody catches',
  );
  await expect.poll(() => endedWorkers(page)).toBeGreaterThanOrEqual(2);

  await attack(page, 'memory');
  await expect(endedCall(page, 'memory', 'wants 4 GB')).toContainText('OUT_OF_MEMORY');
  await expect.poll(() => endedWorkers(page)).toBeGreaterThanOrEqual(3);
  await expect.poll(() => countOf(page, 'rejected')).toBeGreaterThanOrEqual(3);
});

test('a worker that hangs is replaced', async ({ page, site }) => {
  await openPage(page, site);
  await attack(page, 'hang');
  await expect(endedCall(page, 'hang', 'does not end')).toContainText(
    /WORKER_UNRESPONSIVE rejected .* after the attack/,
  );
});

test('half a download fails by name and the next load works; a damaged store is repaired; what is stored needs no network', async ({
  page,
  site,
}) => {
  await openPage(page, site);
  await attack(page, 'halve');
  await expect(endedCall(page, 'halve', 'half a model')).toContainText('MODEL_INVALID');
  await expect(endedCall(page, 'halve', 'The same load again')).toContainText('answered in');
  await expect(endedCall(page, 'halve', 'A run of what it loaded')).toContainText('answered in');

  await attack(page, 'damage');
  const [, before, damaged] = /was (..) and is (..)\./.exec(await entry(page, 'damage').innerText()) ?? [];
  expect(before).not.toBe(damaged);
  await expect(entry(page, 'damage')).toContainText(`After the restart it is ${before} again.`);

  await attack(page, 'offline');
  await expect(endedCall(page, 'offline', 'The load of a model that is stored')).toContainText('answered in');
  await expect(endedCall(page, 'offline', 'A run of the one that is stored')).toContainText('answered in');
  await expect(endedCall(page, 'offline', 'The load of one that is not')).toContainText('OFFLINE');

  // Nothing of it was left to be found the next time.
  await attack(page, 'offline');
  await expect(endedCall(page, 'offline', 'The load of one that is not')).toContainText('OFFLINE');
});

test('an abort rejects at once, whether the call waits, is between two steps or within one', async ({ page, site }) => {
  await openPage(page, site);
  await attack(page, 'abort-queued');
  await expect(endedCall(page, 'abort-queued', 'A call in the queue')).toContainText('it had not begun');
  await expect(endedCall(page, 'abort-queued', 'The call before it')).toContainText('answered in');
  await attack(page, 'abort-step');
  await expect(endedCall(page, 'abort-step', 'A batch')).toContainText('the worker stopped by itself');
  await expect.poll(() => endedWorkers(page)).toBe(0);
  await expect(page.getByTestId('rejected')).toHaveText('0');
  await attack(page, 'abort-within');
  await expect(endedCall(page, 'abort-within', 'One step')).toContainText(/the worker (stopped by itself|was ended)/);
  await expect(page.getByTestId('aborted')).toHaveText('3');
});

test('where memory cannot be shared, a worker is ended to abort what it computes', async ({ page }) => {
  const site = await startSite({ isolated: false });
  try {
    await openPage(page, site);
    await attack(page, 'abort-within');
    await expect(endedCall(page, 'abort-within', 'One step')).toContainText('the worker was ended');
    await expect.poll(() => endedWorkers(page)).toBeGreaterThanOrEqual(1);
  } finally {
    await site.close();
  }
});

test('everything at once, in one worker and in two', async ({ page, site }) => {
  await openPage(page, site);
  for (const workers of ['one-worker', 'two-workers']) {
    await page.getByTestId(workers).check();
    await expect(attackButton(page, 'all')).toHaveAttribute('aria-disabled', 'false', patience);
    await attack(page, 'all');
    await expect(endedCall(page, 'all', 'in the worker when it is killed')).toContainText('WORKER_CRASHED');
    await expect(endedCall(page, 'all', 'wants 4 GB')).toContainText('OUT_OF_MEMORY');
    await expect(endedCall(page, 'all', 'aborted in the queue')).toContainText('it had not begun');
    await expect(endedCall(page, 'all', 'A call in the queue')).toContainText('answered in');
    await expect(endedCall(page, 'all', 'half a model')).toContainText('MODEL_INVALID');
  }
});

test('with two workers, one answers while the other hangs', async ({ page, site }) => {
  await openPage(page, site);
  await page.getByTestId('two-workers').check();
  await expect(page.getByTestId('workers-line')).toContainText('2 workers alive', patience);
  await expect(attackButton(page, 'hang')).toHaveAttribute('aria-disabled', 'false', patience);
  await attackButton(page, 'hang').click();
  await expect(attackButton(page, 'hang')).toContainText('again after', patience);
  await expect(endedCall(page, 'hang', 'does not end')).toContainText('on its way');
  await settled(page, 'hang');
  await expect(endedCall(page, 'hang', 'does not end')).toContainText('WORKER_UNRESPONSIVE');
});

test('attacks may overlap', async ({ page, site }) => {
  await openPage(page, site);
  const ids = ['throw', 'halve', 'memory', 'abort-queued', 'offline', 'kill'];
  for (const id of ids) await attackButton(page, id).click();
  for (const id of ids) await settled(page, id);
  await expect(page.getByTestId('entry')).toHaveCount(ids.length);
});

test('a model that the library gives up is loaded anew', async ({ page, site }) => {
  // As long as it is told to, every worker fails as soon as it has said something.
  await page.addInitScript(() => {
    const scope = globalThis as unknown as { failing?: boolean; Worker: typeof Worker };
    scope.Worker = class extends Worker {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        const fail = () => scope.failing && this.postMessage({ sabotage: 'throw' });
        if (String(given[0]).endsWith('/break-it/worker.js')) this.addEventListener('message', fail, { once: true });
      }
    };
  });
  const setFailing = (failing: boolean) =>
    page.evaluate((value) => ((globalThis as unknown as { failing: boolean }).failing = value), failing);

  await openPage(page, site);
  await setFailing(true);
  await attackButton(page, 'kill').click();
  await expect(entry(page, 'kill')).toContainText('died 5 times in a row', patience);
  await setFailing(false);
  await settled(page, 'kill');
  await attack(page, 'abort-step');
});

test('everything can be done with the keyboard, and is said', async ({ page, site }) => {
  await openPage(page, site);
  const tabTo = async (target: Locator) => {
    for (let presses = 0; presses < 30; presses++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    await expect(target).toBeFocused();
  };
  await tabTo(page.getByTestId('one-worker'));
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('workers-line')).toContainText('2 workers alive', patience);
  await expect(attackButton(page, 'kill')).toHaveAttribute('aria-disabled', 'false', patience);
  await tabTo(page.getByTestId('stream'));
  await page.keyboard.press('Space');
  await expect(page.getByTestId('stream')).toHaveText('Start the calls');
  await tabTo(attackButton(page, 'kill'));
  await page.keyboard.press('Enter');
  await settled(page, 'kill');
  await expect(attackButton(page, 'kill')).toBeFocused();
  await expect(page.getByTestId('announcement')).toHaveText(
    /^Kill it: rejected with WORKER_CRASHED.*\. Answered again after [\d.]+ m?s\.$/,
  );
  const summary = entry(page, 'kill').locator('summary');
  await tabTo(summary);
  await page.keyboard.press('Enter');
  await expect(entry(page, 'kill')).not.toHaveAttribute('open');
});

test('who asked for less motion starts the calls', async ({ page, site }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openPage(page, site);
  await expect(page.getByTestId('stream')).toHaveText('Start the calls');
  await attack(page, 'kill');
  const calls = await entry(page, 'kill').getByTestId('entry-call').count();
  await expect(page.getByTestId('made')).toHaveText(String(calls));
  await page.getByTestId('stream').click();
  await expect.poll(() => countOf(page, 'made'), patience).toBeGreaterThan(calls);
});

test('without the models the page says how to make them, and Retry loads', async ({ page, site }) => {
  await page.context().route('**/models/**', (route) => route.fulfill({ status: 404, body: 'Not found' }));
  await page.goto(`${site.url}/break-it/`);
  await expect(page.getByTestId('failure')).toContainText('MODEL_NOT_FOUND', patience);
  await expect(page.getByTestId('failure')).toContainText('npm run models');
  await expect(attackButton(page, 'kill')).toHaveAttribute('aria-disabled', 'true');
  // The browser itself writes a line for each file that is missing.
  complaints = complaints.filter((complaint) => !complaint.includes('404'));
  await page.context().unroute('**/models/**');
  await page.getByTestId('retry').click();
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'ready', patience);
  await expect(page.getByTestId('failure')).toBeHidden();
  await attack(page, 'abort-step');
});

test('the page fits a phone, where the chart stays in sight while an attack is chosen', async ({ page, site }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await openPage(page, site);
  await attackButton(page, 'all').scrollIntoViewIfNeeded();
  await expect(page.getByTestId('chart')).toBeInViewport({ ratio: 0.9 });
  await attack(page, 'abort-step');
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBe(0);
  await page.getByTestId('stream').click();
  await expect(page.getByTestId('pending')).toHaveText('0');
  const marks = page.getByTestId('chart').locator('.call:not([data-outcome="pending"])');
  const drawn = await marks.count();
  await page.setViewportSize({ width: 1280, height: 800 });
  // The chart is laid out anew, and shows the same; what had left a narrow one may be seen in a wide one.
  await expect.poll(() => marks.count()).toBeGreaterThanOrEqual(drawn);
  expect(drawn).toBeGreaterThan(2);
  expect(await overflow()).toBe(0);
});
