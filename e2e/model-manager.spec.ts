import type { Locator } from '@playwright/test';
import type * as insitu from 'insitu';
import { card, collectComplaints, getModel, offer, openModelManager, patience } from './support/model-manager-page.ts';
import { classifier, embedder } from './support/site.ts';
import { expect, test } from './support/test.ts';

const graph = 'onnx/model_quantized.onnx';

let complaints: string[] = [];

test.beforeEach(({ page, site }) => {
  site.requests.length = 0;
  complaints = collectComplaints(page);
});

test.afterEach(() => expect(complaints).toEqual([]));

test('an empty store is said to be empty, and the bar and the rows show what comes into it', async ({ page, site }) => {
  await openModelManager(page, site);
  await expect(page.getByTestId('empty')).toContainText('Nothing is stored yet');
  await expect(page.getByTestId('storage-sum')).toHaveText('No models');

  await page.getByTestId('empty-get').click();
  await expect(card(page, 'all-MiniLM-L6-v2')).toBeVisible(patience);
  await expect(offer(page, 0)).toContainText('fetched in', patience);
  await expect(page.getByTestId('empty')).toBeHidden();
  await getModel(page, 1);

  await expect(page.getByTestId('storage-sum')).toHaveText('46.8 MB in 2 models');
  await expect(page.getByTestId('storage')).toContainText('46,827,460 bytes');
  const legend = page.getByTestId('legend').getByRole('listitem');
  await expect(legend.nth(0)).toHaveText('all-MiniLM-L6-v223.4 MB');
  await expect(legend.nth(1)).toHaveText('all-MiniLM-L6-v2-sst223.4 MB');
  const colours = await page
    .getByTestId('segment')
    .evaluateAll((all) => all.slice(0, 2).map((one) => getComputedStyle(one).backgroundColor));
  expect(new Set(colours).size).toBe(2);

  const row = card(page, 'all-MiniLM-L6-v2');
  await expect(row.getByTestId('exact-size')).toHaveText('23,411,798 bytes');
  await expect(row.getByTestId('file-count')).toHaveText('4, complete');
  await row.getByTestId('show-files').click();
  const file = row.getByTestId('file').filter({ hasText: graph });
  await expect(file).toContainText('22.7 MB');
  await expect(file).toContainText('complete');
  await expect(file).toContainText('e3140cdf…c236ff');

  await page.getByTestId('persist').click();
  await expect(page.getByTestId('kept-note')).toContainText(/said no|promised/);
});

test('pinned and loaded models never go, and the one that was not used for longest goes first', async ({
  page,
  site,
}) => {
  await openModelManager(page, site);
  await getModel(page, 0);
  await getModel(page, 1);
  const goes = page.getByTestId('short-goes').getByTestId('short-item');
  await expect(goes.nth(0)).toContainText('all-MiniLM-L6-v2');
  await expect(goes).toHaveCount(2);

  const row = card(page, 'all-MiniLM-L6-v2');
  await row.getByTestId('pin').click();
  await expect(row.getByTestId('badges')).toContainText('pinned');
  await expect(page.getByTestId('short-stays')).toContainText('23.4 MB, pinned');
  await page.getByTestId('short-range').fill('30');
  await expect(page.getByTestId('short-outcome')).toContainText('6.6 MB would be missing still: STORAGE_QUOTA');
  await expect(goes).toContainText('would go');

  await page.getByTestId('ask-model').selectOption({ value: `${site.url}${classifier}` });
  await page.getByTestId('ask-go').click();
  await expect(page.getByTestId('answer')).toContainText('positive', patience);
  await expect(card(page, 'all-MiniLM-L6-v2-sst2').getByTestId('badges')).toContainText('in use now');
  await expect(goes).toHaveCount(0);
  await page.getByTestId('unload').click();
  await expect(goes).toHaveCount(1);
  await row.getByTestId('pin').click();
  await expect(row.getByTestId('badges')).toBeHidden();
});

test('a damaged byte is found, named, and repaired by the next load', async ({ page, site }) => {
  await openModelManager(page, site);
  await getModel(page, 0);
  const row = card(page, 'all-MiniLM-L6-v2');
  await row.getByTestId('verify').click();
  await expect(row.getByTestId('outcome')).toContainText('All 4 files are byte for byte what was stored');
  await expect(row.getByTestId('verified')).toHaveText('just now');

  const damage = async () => {
    await page.getByTestId('damage-flip').click();
    await expect(page.getByTestId('flip-result')).toContainText(
      new RegExp(`^Byte [\\d,]+ of ${graph} was .. and is ..`),
    );
  };
  const ranges: string[] = [];
  await page.context().route(`**/${graph}`, async (route) => {
    ranges.push((await route.request().allHeaders())['range'] ?? 'all');
    await route.continue();
  });

  await damage();
  await row.getByTestId('verify').click();
  await expect(row.getByTestId('outcome')).toContainText(`${graph} is damaged`);
  await expect(row.getByTestId('badges')).toContainText('damaged');
  await row.getByTestId('repair').click();
  await expect(row.getByTestId('outcome')).toContainText('All 4 files are byte for byte what was stored', patience);
  await expect(row.getByTestId('badges')).toBeHidden();

  await damage();
  await page.getByTestId('damage-verify').click();
  await expect(page.getByTestId('verify-result')).toContainText(`${graph} is not what was stored`);
  await expect(row.getByTestId('badges')).toContainText('damaged');
  await page.getByTestId('no-network').click();
  await page.getByTestId('damage-load').click();
  await expect(page.getByTestId('damage').getByTestId('failure')).toContainText('INTEGRITY_MISMATCH');
  await page.getByTestId('no-network').click();
  await page.getByTestId('damage').getByTestId('retry').click();
  await expect(page.getByTestId('load-result')).toContainText(/The byte is .. again/, patience);
  await row.getByTestId('verify').click();
  await expect(row.getByTestId('outcome')).toContainText('All 4 files are byte for byte what was stored');
  expect(ranges).toHaveLength(2);
  for (const range of ranges) expect(range).toMatch(/^bytes=\d+-\d+$/);
});

test('everything can be done with the keyboard alone', async ({ page, site }) => {
  await openModelManager(page, site);
  const tabTo = async (target: Locator) => {
    for (let presses = 0; presses < 60; presses++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    await expect(target).toBeFocused();
  };
  await tabTo(offer(page, 0).getByTestId('get'));
  await page.keyboard.press('Enter');
  await expect(offer(page, 0)).toContainText('fetched in', patience);
  await expect(offer(page, 0).getByTestId('get')).toBeFocused();

  await page.reload();
  const row = card(page, 'all-MiniLM-L6-v2');
  await expect(row).toBeVisible();
  await tabTo(page.getByTestId('segment').first().getByRole('button'));
  await expect(page.getByTestId('bar-tip')).toHaveText('all-MiniLM-L6-v2, 23.4 MB');
  await page.keyboard.press('Enter');
  await expect(row.getByTestId('name')).toBeFocused();
  await tabTo(row.getByTestId('pin'));
  await page.keyboard.press('Space');
  await expect(row.getByTestId('pin')).toHaveText('Unpin');
  await expect(row.getByTestId('pin')).toBeFocused();
  await tabTo(row.getByTestId('delete'));
  await page.keyboard.press('Enter');
  await expect(row.getByTestId('confirm-no')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(row.getByTestId('delete')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('empty')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Stored models' })).toBeFocused();
  await tabTo(page.getByTestId('no-network'));
  await page.keyboard.press('Space');
  await expect(page.getByTestId('no-network')).toHaveAttribute('aria-checked', 'true');
});

test('a page that comes back into view shows what other tabs have done', async ({ page, site }) => {
  await openModelManager(page, site);
  await getModel(page, 0);
  await page.evaluate(async (model) => {
    const library: string = '/dist/index.js';
    const { weights } = (await import(library)) as typeof insitu;
    await weights.pin(model);
    document.dispatchEvent(new Event('visibilitychange'));
  }, embedder);
  await expect(card(page, 'all-MiniLM-L6-v2').getByTestId('badges')).toContainText('pinned');
});

test('the page fits a phone with everything on it', async ({ page, site }) => {
  await page.setViewportSize({ width: 375, height: 740 });
  await openModelManager(page, site);
  await getModel(page, 0);
  await card(page, 'all-MiniLM-L6-v2').getByTestId('show-files').click();
  await card(page, 'all-MiniLM-L6-v2').getByTestId('delete').click();
  await page.getByTestId('ask-go').click();
  await expect(page.getByTestId('answer')).toContainText('moon', patience);
  await page.getByTestId('damage-flip').click();
  await expect(page.getByTestId('flip-result')).not.toBeEmpty();
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});
