import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

const expectState = (page: Page, state: string) =>
  expect(page.getByTestId('lesson-status')).toHaveAttribute('data-state', state, { timeout: 60_000 });

async function openTeachIt(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/teach-it/`);
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'ready', { timeout: 30_000 });
  await expectState(page, 'done');
}

const score = (page: Page, label: string) => page.locator(`[data-testid="score"][data-label="${label}"]`);

test.beforeEach(({ page }) => {
  page.on('pageerror', (error) => {
    throw error;
  });
});

test('it learns the sample, is right more often than by chance, and asks for nothing', async ({ page, site }) => {
  await openTeachIt(page, site.url);
  const requestsWhenTaught = site.requests.length;
  expect(Number.parseInt((await page.getByTestId('accuracy').textContent())!)).toBeGreaterThan(50);
  await expect(page.getByTestId('confusion')).toBeVisible();
  await page.getByTestId('trial').fill('Do you deliver on Saturdays?');
  await expect(score(page, 'question')).toHaveClass(/is-best/);
  await page.getByTestId('trial').fill('Thank you, we are all so happy with it.');
  await expect(score(page, 'praise')).toHaveClass(/is-best/);
  await expect(page.getByTestId('requests')).toHaveText('0');
  expect(site.requests.slice(requestsWhenTaught)).toEqual([]);
});

test('labels of the visitor are learned, saved, and answer again after a reload', async ({ page, site }) => {
  await openTeachIt(page, site.url);
  await page.getByTestId('start-over').click();
  await expectState(page, 'waiting');
  const teach = async (label: number, examples: string[]) => {
    const input = page.getByTestId('label').nth(label).getByTestId('new-example');
    for (const example of examples) {
      await input.fill(example);
      await input.press('Enter');
    }
  };
  await teach(0, ['The soup needs salt.', 'Bake the bread for an hour.', 'Fry the onions in butter.']);
  await teach(1, ['The engine needs oil.', 'The brakes squeal in the rain.', 'Change the tyres in autumn.']);
  await expect(page.getByTestId('lesson-status')).toContainText('6 examples', { timeout: 30_000 });
  await page.getByTestId('trial').fill('Stir the sauce slowly.');
  await expect(score(page, 'this')).toHaveClass(/is-best/);

  const saving = page.waitForEvent('download');
  await page.getByTestId('save').click();
  const saved = await (await saving).path();
  await openTeachIt(page, site.url);
  await page.getByTestId('file-input').setInputFiles(saved);
  await page.getByTestId('trial').fill('The gearbox makes a noise.');
  await expect(score(page, 'that')).toHaveClass(/is-best/);
});

test('what it got wrong can be taught, and Escape stops a lesson', async ({ page, site }) => {
  await openTeachIt(page, site.url);
  const examples = page.getByTestId('label').nth(0).getByTestId('example');
  const before = await examples.count();
  await page.getByTestId('trial').fill('I wonder about the warranty');
  await score(page, 'question').getByTestId('teach').click();
  await expect(examples).toHaveCount(before + 1);
  await expect(examples.first()).toContainText('I wonder about the warranty');
  await expectState(page, 'training');
  await page.keyboard.press('Escape');
  await expectState(page, 'stopped');
  await page.getByTestId('trial').fill('Where is it?');
  await expect(score(page, 'question')).toBeVisible();
});

test('a file that is no classifier is refused with a hint', async ({ page, site }) => {
  await openTeachIt(page, site.url);
  const file = { name: 'notes.classifier', mimeType: 'text/plain', buffer: Buffer.from('no classifier') };
  await page.getByTestId('file-input').setInputFiles(file);
  await expect(page.getByTestId('failure')).toContainText('INPUT_INVALID');
});
