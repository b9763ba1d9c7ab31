import { type Browser, type BrowserContext, type Page, chromium } from '@playwright/test';
import type { Client, ClientEvent, ClientOptions, ClientStats, Pipeline } from 'insitu';
import { findChromium, launchArguments } from '../../scripts/chromium/find-chromium.mjs';
import type { Site } from './site.ts';
import { openLibrary } from './test.ts';

export const stunts = '/models/insitu/stunts/';

/** What a tab of these tests has as globals. */
export interface TabGlobals {
  client: Client;
  embed: Pipeline<'feature-extraction'>;
  roles: string[];
}

/** Opens a tab with a client that shares. One worker without threads, so that workers can be counted. */
export async function openTab(context: BrowserContext, site: Site, options: ClientOptions = {}): Promise<Page> {
  const page = await context.newPage();
  await openLibrary(page, `${site.url}/pages/module.html`);
  await page.evaluate((given) => {
    const roles: string[] = [];
    const onEvent = (event: ClientEvent) => event.type === 'tab' && roles.push(event.role);
    const client = insitu.createClient({ shared: true, threads: 1, workers: 1, ...given, onEvent });
    Object.assign(globalThis, { client, roles });
  }, options);
  return page;
}

/** Loads a model in a tab. */
export async function loadIn(page: Page, model: string): Promise<void> {
  await page.evaluate(async (reference) => {
    const tab = globalThis as unknown as TabGlobals;
    tab.embed = await tab.client.pipeline('feature-extraction', reference);
  }, model);
}

/** The first numbers of texts, as the tab gets them. */
export async function embedIn(page: Page, texts: string[]): Promise<number[]> {
  return page.evaluate(async (given) => {
    const { embed } = globalThis as unknown as TabGlobals;
    return [...(await embed(given, { pooling: 'mean' })).data.slice(0, 16)];
  }, texts);
}

export const statsOf = (page: Page): Promise<ClientStats> =>
  page.evaluate(() => (globalThis as unknown as TabGlobals).client.stats());

export const countWorkers = (pages: readonly Page[]): number =>
  pages.reduce((sum, page) => sum + (page.isClosed() ? 0 : page.workers().length), 0);

/** The first numbers of each input, as a client has them that does not share. */
export async function embedAlone(page: Page, model: string, inputs: string[][]): Promise<number[][]> {
  return page.evaluate(
    async ([reference, given]) => {
      const client = insitu.createClient({ threads: 1, workers: 1 });
      const embed = await client.pipeline('feature-extraction', reference);
      const results: number[][] = [];
      for (const input of given) results.push([...(await embed(input, { pooling: 'mean' })).data.slice(0, 16)]);
      await client.close();
      return results;
    },
    [model, inputs] as const,
  );
}

/** A browser with a back/forward cache, which Playwright turns off, and `http://insecure.example`. */
export async function launchOwnBrowser(): Promise<Browser> {
  const executablePath = await findChromium();
  return chromium.launch({
    ...(executablePath && { executablePath }),
    args: [...launchArguments(), '--host-resolver-rules=MAP insecure.example 127.0.0.1'],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
}
