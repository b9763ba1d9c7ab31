import { type Page, test as base, expect } from '@playwright/test';
import type * as insitu from 'insitu';
import { type Site, startSite } from './site.ts';

declare global {
  var insitu: typeof import('insitu');
}

/** An error as a test can look at it: what crosses from the page are copies. */
export interface SeenError {
  code?: insitu.ErrorCode;
  name: string;
  message: string;
  hint?: string;
  milliseconds: number;
}

export const test = base.extend<{ consoleErrors: string[]; ready: Page }, { site: Site }>({
  site: [
    async ({}, use) => {
      const site = await startSite();
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
  /** A page with the library as the global `insitu`, in a fresh profile. */
  ready: async ({ page, site }, use) => {
    site.requests.length = 0;
    await openLibrary(page, `${site.url}/pages/module.html`);
    await use(page);
  },
});

export { expect };

export async function openLibrary(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => globalThis.insitu !== undefined);
}

/** Resolves when the store holds every file of a model, so that the next visit needs no network. */
export async function waitUntilStored(page: Page, baseUrl: string, files: number): Promise<void> {
  const storedFiles = () =>
    page.evaluate(async (url) => {
      // Demos hold the library in a bundle of their own; the store is the same.
      const library: string = '/dist/index.js';
      const { weights } = (await import(library)) as typeof insitu;
      const models = await weights.list();
      return models.find((model) => model.url === url)?.files.filter(({ complete }) => complete).length ?? 0;
    }, baseUrl);
  await expect.poll(storedFiles, { message: 'the files are stored', timeout: 20_000 }).toBe(files);
}
