import type { Locator, Page } from '@playwright/test';
import { expect } from './test.ts';

/** A load or a download takes so long at most. */
export const patience = { timeout: 30_000 };

/** The card of a stored model. */
export const card = (page: Page, name: string): Locator =>
  page.getByTestId('model').filter({ has: page.getByRole('heading', { name, exact: true }) });

/** The row of a model that the site offers: 0 makes vectors, 1 tells the tone. */
export const offer = (page: Page, at: number): Locator => page.getByTestId('offer').nth(at);

export async function openModelManager(page: Page, site: { url: string }): Promise<void> {
  await page.goto(`${site.url}/model-manager/`);
  await expect(page.getByTestId('storage-sum')).toContainText('model');
}

/** Downloads a model that the site offers. */
export async function getModel(page: Page, at: number): Promise<void> {
  await offer(page, at).getByTestId('get').click();
  await expect(offer(page, at)).toContainText('fetched in', patience);
  await expect(offer(page, at).getByTestId('get')).toHaveText('Stored');
}

/** Errors of the page, and what its security policy refused, from now on. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return complaints;
}
