import type { Page } from '@playwright/test';
import { embedder, startSite } from './support/site.ts';
import { expect, test, waitUntilStored } from './support/test.ts';

async function openDemo(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'ready', { timeout: 30_000 });
}

test.beforeEach(({ page, site }) => {
  site.requests.length = 0;
  page.on('pageerror', (error) => {
    throw error;
  });
});

test('the gallery says what this browser has and leads to the demos', async ({ page, site }) => {
  await page.goto(site.url);
  await expect(page.getByTestId('plan')).toContainText('WASM');
  await expect(page.getByTestId('capabilities')).toContainText('relaxed');
  await expect(page.getByTestId('isolation-note')).toBeHidden();
  await page
    .getByRole('main')
    .getByRole('link', { name: /semantic search/i })
    .click();
  await expect(page).toHaveURL(/semantic-search/);
});

test('semantic search finds by meaning, in texts of the visitor, and asks the network for nothing', async ({
  page,
  site,
}) => {
  await openDemo(page, `${site.url}/semantic-search/`);
  await expect(page.getByTestId('source')).toContainText(/network/i);
  await expect(page.getByTestId('reading')).toContainText(/sentences read/);
  const requestsWhenReady = site.requests.length;

  await page.getByTestId('query').fill('gravity moves the ocean');
  await expect(page.getByTestId('hit').first()).toContainText(/moon|tide|sea|water/i);
  await expect(page.getByTestId('map-point').first()).toBeVisible();

  await page.getByTestId('file-input').setInputFiles({
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from(
      'The invoice is due on the first of March. Our cat sleeps on the printer. The new bicycle has a flat tyre. Soup tastes better on the second day.',
    ),
  });
  await expect(page.getByTestId('document-input')).toHaveValue(/flat tyre/);
  await page.getByTestId('query').fill('when do I have to pay?');
  await expect(page.getByTestId('hit').first()).toContainText('invoice');
  await page.getByTestId('query').fill('a pet having a nap');
  await expect(page.getByTestId('hit').first()).toContainText('cat');

  await expect(page.getByTestId('requests')).toHaveText('0');
  // The page cannot see what its worker asks for; the server can.
  expect(site.requests.slice(requestsWhenReady)).toEqual([]);
});

test('semantic search can be used with the keyboard alone, and a hit is marked on the map', async ({ page, site }) => {
  await openDemo(page, `${site.url}/semantic-search/`);
  await expect(page.getByTestId('reading')).toContainText(/sentences read/);
  await page.getByTestId('query').focus();
  await page.keyboard.type('insects showing the way');
  await expect(page.getByTestId('hit').first()).toContainText(/bee/i);
  const focused = page.locator('[data-testid="map-point"]:focus');
  while ((await focused.count()) === 0) await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('map-tooltip')).toBeVisible();
  await expect(page.getByTestId('map-tooltip')).not.toBeEmpty();
});

test('sentiment reads the text as it is typed, the last keystroke wins', async ({ page, site }) => {
  await openDemo(page, `${site.url}/sentiment/`);
  const requestsWhenReady = site.requests.length;
  await page.getByTestId('text').fill('');
  await page
    .getByTestId('text')
    .pressSequentially('What a wonderful, moving film. The ending is a dull and lazy mess.', { delay: 5 });
  await expect(page.getByTestId('sentence')).toHaveCount(2);
  await expect(page.getByTestId('sentence').nth(0)).toContainText('positive');
  await expect(page.getByTestId('sentence').nth(1)).toContainText('negative');
  await expect(page.getByTestId('latency')).toHaveText(/^[\d.]+ m?s$/);
  await page.getByTestId('text').fill('I love it.');
  await expect(page.getByTestId('sentence')).toHaveCount(1);
  await expect(page.getByTestId('score')).toContainText('%');
  await expect(page.getByTestId('requests')).toHaveText('0');
  expect(site.requests.slice(requestsWhenReady)).toEqual([]);
});

test('a second visit of a demo reads its weights from the store', async ({ page, site }) => {
  await openDemo(page, `${site.url}/semantic-search/`);
  await waitUntilStored(page, `${site.url}${embedder}`, 4);
  site.requests.length = 0;
  await openDemo(page, `${site.url}/semantic-search/`);
  await expect(page.getByTestId('source')).toContainText(/this browser|store/i);
  expect(site.requests.filter((path) => path.startsWith('/models/'))).toEqual([]);
});

test('without cross-origin isolation the demos work, and say what is missing', async ({ page }) => {
  const site = await startSite({ isolated: false });
  try {
    await page.goto(site.url);
    await expect(page.getByTestId('isolation-note')).toBeVisible();
    await openDemo(page, `${site.url}/sentiment/`);
    await expect(page.getByTestId('plan')).toContainText('1 thread');
  } finally {
    await site.close();
  }
});

test('a failed load is shown with its hint, and Retry recovers', async ({ page, context, site }) => {
  await context.route('**/model_quantized.onnx', (route) => route.fulfill({ status: 503, body: 'Overloaded' }));
  await page.goto(`${site.url}/semantic-search/`);
  await expect(page.getByTestId('failure')).toContainText('HTTP_STATUS');
  await context.unroute('**/model_quantized.onnx');
  await page.getByTestId('retry').click();
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'ready', { timeout: 30_000 });
});

for (const path of ['', 'semantic-search/', 'ask/', 'sentiment/', 'write/', 'transcribe/', 'teach-it/']) {
  test(`the page /${path} fits a phone`, async ({ page, site }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(`${site.url}/${path}`);
    await expect(page.getByTestId('plan')).toContainText('WASM', { timeout: 30_000 });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  });
}
