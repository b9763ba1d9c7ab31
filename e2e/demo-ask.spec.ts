import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

async function openAsk(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/ask/`);
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'ready', { timeout: 30_000 });
  await expect(page.getByTestId('reading')).toHaveAttribute('data-state', 'done', { timeout: 60_000 });
}

test.beforeEach(({ page }) => {
  page.on('pageerror', (error) => {
    throw error;
  });
});

test('a question is answered with a sentence of the document, marked where it stands', async ({ page, site }) => {
  await openAsk(page, site.url);
  const requestsWhenReady = site.requests.length;
  await page.getByTestId('query').fill('what did people have for dinner in the cold months');
  await expect(page.getByTestId('answer')).toContainText('herring');
  await expect(page.getByTestId('document').locator('mark')).toContainText('herring');
  await expect(page.getByTestId('document').locator('mark')).toBeInViewport();

  const others = page.getByTestId('passage');
  await others.nth(1).click();
  await expect(others.nth(1)).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId('document').locator('mark')).not.toContainText('herring');

  await expect(page.getByTestId('requests')).toHaveText('0');
  expect(site.requests.slice(requestsWhenReady)).toEqual([]);
});

test('a document of the visitor takes the place of the sample', async ({ page, site }) => {
  await openAsk(page, site.url);
  await page
    .getByTestId('document-input')
    .fill(
      'Minutes of the garden club\n\nThe invoice for the greenhouse is due on the first of March.\nMrs Lind waters the tomatoes on Sundays.\n\nThe gate squeaks and should be oiled.',
    );
  await expect(page.getByTestId('document')).toContainText('greenhouse');
  await expect(page.getByTestId('reading')).toHaveAttribute('data-state', 'done', { timeout: 30_000 });
  await page.getByTestId('query').fill('when do we have to pay?');
  await expect(page.getByTestId('answer')).toHaveText('The invoice for the greenhouse is due on the first of March.');
  await page.getByTestId('query').fill('which part makes a noise?');
  await expect(page.getByTestId('answer')).toContainText('squeaks');
  await page.getByTestId('clear').click();
  await expect(page.getByTestId('answer')).toBeHidden();
  await expect(page.getByTestId('document')).toBeEmpty();
});

test('the reading of a long document can be stopped, and what was read answers', async ({ page, site }) => {
  await openAsk(page, site.url);
  const filler = Array.from({ length: 1200 }, (_, at) => `Note ${at} says that item ${at * 7} is on shelf ${at % 90}.`);
  await page.getByTestId('document-input').fill(['The harbour opens at six.', ...filler].join('\n\n'));
  await expect(page.getByTestId('reading')).toHaveAttribute('data-state', 'reading', { timeout: 30_000 });
  await expect(page.getByTestId('reading')).not.toContainText('Reading 0');
  await page.getByTestId('stop').click();
  await expect(page.getByTestId('reading')).toContainText('Stopped');
  await page.getByTestId('query').fill('opening hours of the port');
  await expect(page.getByTestId('answer')).toHaveText('The harbour opens at six.');
});

test('a model for answers marks the words that it names', async ({ page, site }) => {
  await openAsk(page, site.url);
  await page.getByTestId('model-choice').selectOption({ label: 'Another model …' });
  await page.getByTestId('model-reference').fill('/models/insitu/none/');
  await page.getByTestId('model-load').click();
  await expect(page.getByTestId('answerer-work').getByTestId('failure')).toContainText('MODEL_NOT_FOUND');
  await page.getByTestId('model-reference').fill('/models/insitu/tiny-question-answering/');
  await page.getByTestId('model-load').click();
  await expect(page.getByTestId('answer-facts')).toContainText('sure of these words', { timeout: 30_000 });
  const answer = await page.getByTestId('answer').textContent();
  expect(answer).not.toBe('');
  await expect(page.getByTestId('document').locator('mark')).toHaveText(answer!);
});
