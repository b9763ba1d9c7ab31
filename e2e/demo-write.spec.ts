import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

const model = '/models/insitu/tiny-text-generation/';

async function openWrite(page: Page, url: string, ask = ''): Promise<void> {
  await page.goto(`${url}/write/${ask}`);
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'ready', { timeout: 30_000 });
}

const expectState = (page: Page, state: string) =>
  expect(page.getByTestId('writing-status')).toHaveAttribute('data-state', state, { timeout: 30_000 });

test.beforeEach(({ page }) => {
  page.on('pageerror', (error) => {
    throw error;
  });
});

test('a model writes on, counts its tokens, and a seed gives the same text again', async ({ page, site }) => {
  await openWrite(page, site.url);
  site.requests.length = 0;
  const text = page.getByTestId('text');
  const beginning = await text.inputValue();
  await page.getByTestId('seed').fill('1');
  await page.getByTestId('length').fill('32');
  await text.press('Control+Enter');
  await expectState(page, 'done');

  const first = await text.inputValue();
  expect(first.startsWith(beginning)).toBe(true);
  expect(first.length).toBeGreaterThan(beginning.length);
  expect(Number(await page.getByTestId('written').textContent())).toBeGreaterThan(0);
  expect(Number(await page.getByTestId('prompt-tokens').textContent())).toBeGreaterThan(5);

  await page.getByTestId('take-back').click();
  await expect(text).toHaveValue(beginning);
  await page.getByTestId('write').click();
  await expectState(page, 'done');
  await expect(text).toHaveValue(first);

  await page.getByTestId('seed').fill('8');
  await page.getByTestId('again').click();
  await expectState(page, 'done');
  await expect(text).not.toHaveValue(first);

  await expect(page.getByTestId('requests')).toHaveText('0');
  expect(site.requests).toEqual([]);
});

for (const way of ['Stop', 'Escape'] as const) {
  test(`${way} ends the writing at once, and writing goes on from there`, async ({ page, site }) => {
    await openWrite(page, site.url);
    const text = page.getByTestId('text');
    const beginning = await text.inputValue();
    await page.getByTestId('seed').fill('17');
    await page.getByTestId('length').fill('256');
    await page.getByTestId('write').click();
    await expectState(page, 'done');
    const whole = await text.inputValue();
    await page.getByTestId('take-back').click();

    // With the first piece, in the page: a command from here could come after the last one.
    await page.evaluate((stopBy) => {
      const written = document.querySelector('[data-testid="written"]')!;
      new MutationObserver((_, observer) => {
        if (written.textContent === '0') return;
        observer.disconnect();
        if (stopBy === 'Stop') document.querySelector<HTMLElement>('[data-testid="stop"]')!.click();
        else document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
      }).observe(written, { childList: true, characterData: true, subtree: true });
    }, way);
    await page.getByTestId('write').click();
    await expectState(page, 'stopped');
    const part = await text.inputValue();
    expect(part.length).toBeGreaterThan(beginning.length);
    expect(part.length).toBeLessThan(whole.length);
    expect(whole.startsWith(part)).toBe(true);

    await page.getByTestId('write').click();
    await expectState(page, 'done');
    expect((await text.inputValue()).startsWith(part)).toBe(true);
  });
}

test('what the model wrote stays marked when the visitor edits around it', async ({ page, site }) => {
  await openWrite(page, site.url);
  const text = page.getByTestId('text');
  await text.fill('The sea');
  await page.getByTestId('seed').fill('1');
  await page.getByTestId('write').click();
  await expectState(page, 'done');
  const written = (await text.inputValue()).slice('The sea'.length);
  expect(written).not.toBe('');
  await text.press('Control+Home');
  await page.keyboard.type('Once: ');
  await expect(page.locator('.written')).toHaveText(written);
});

test('a chat goes through the template of the model, turn by turn', async ({ page, site }) => {
  await openWrite(page, site.url);
  await page.getByTestId('mode-chat').check();
  await page.getByTestId('seed').fill('3');
  await page.getByTestId('question').fill('What is the sea?');
  await page.keyboard.press('Enter');
  await expectState(page, 'done');
  await expect(page.getByTestId('turn')).toHaveCount(2);
  const tokens = Number(await page.getByTestId('prompt-tokens').textContent());
  await page.getByTestId('question').fill('And who swims in it?');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('turn')).toHaveCount(4);
  await expectState(page, 'done');
  expect(Number(await page.getByTestId('prompt-tokens').textContent())).toBeGreaterThan(tokens);
});

test('a model that is not there is told with a hint, and the next choice writes', async ({ page, site }) => {
  await openWrite(page, site.url, '?model=/models/insitu/tiny-text-generation/');
  await page.getByTestId('model-reference').fill('/models/insitu/none/');
  await page.getByTestId('model-load').click();
  await expect(page.getByTestId('failure')).toContainText('MODEL_NOT_FOUND');
  await expect(page.getByTestId('write')).toHaveAttribute('aria-disabled', 'true');
  await page.getByTestId('model-reference').fill(model);
  await page.getByTestId('model-load').click();
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'ready');
  await page.getByTestId('write').click();
  await expectState(page, 'done');
});
