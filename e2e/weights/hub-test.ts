import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import type { ByteSource, LoadEvent, LoadOptions, StoredModelFile } from 'insitu';
import { type Hub, startHub } from '../hub/hub-server.ts';
import { expect, openLibrary, test as base } from '../support/test.ts';

/** The model that the tests of the store load from the hub. */
export const model = 'insitu/all-MiniLM-L6-v2';
export const graph = 'onnx/model_quantized.onnx';
export const folder = join(import.meta.dirname, '../../models', model);
export const graphBytes = await readFile(join(folder, graph));
export const graphSha256 = createHash('sha256').update(graphBytes).digest('hex');

/** A hub of its own for every test, and a page of another origin with the library. */
export const test = base.extend<{ hub: Hub }>({
  hub: async ({}, use) => {
    const hub = await startHub();
    await hub.publishFolder(model, folder);
    await use(hub);
    await hub.close();
  },
});
export { expect };

/** What a page tells of a load. */
export interface Loaded {
  /** The first values of the embedding of a fixed sentence. */
  values: number[];
  events: LoadEvent[];
  source: ByteSource;
}

export interface LoadSettings {
  host: string;
  reference?: string;
  options?: Pick<LoadOptions, 'revalidate' | 'localFilesOnly' | 'manifest' | 'dtype' | 'revision'>;
  token?: string;
  storage?: 'indexeddb' | 'memory';
  /** Leave the model loaded. */
  stay?: boolean;
}

/** Loads the model in the page, embeds a sentence, waits until it is clear whether it is stored, and disposes of it. */
export function load(page: Page, settings: LoadSettings): Promise<Loaded> {
  return page.evaluate(
    async ({ host, reference, options, token, storage, stay }) => {
      const client = insitu.createClient({ hub: { host, ...(token && { token }) }, ...(storage && { storage }) });
      const events: LoadEvent[] = [];
      let settle = () => {};
      const settled = new Promise<void>((resolve) => (settle = resolve));
      const embed = await client.pipeline('feature-extraction', reference, {
        ...options,
        onProgress(event) {
          events.push(event);
          if (event.status === 'stored' || event.status === 'not-stored') settle();
        },
      });
      const { data } = await embed('The ferry is late.', { pooling: 'mean', normalize: true });
      if (storage !== 'memory') await settled;
      if (!stay) await embed.dispose();
      const ready = events.find((event) => event.status === 'ready')!;
      return { values: [...data.slice(0, 8)], events, source: ready.source };
    },
    { reference: model, ...settings },
  );
}

/** Begins a load and leaves it to itself. */
export async function beginLoad(page: Page, settings: LoadSettings): Promise<void> {
  await page.evaluate(
    ({ host, reference }) => {
      const client = insitu.createClient({ hub: { host } });
      Object.assign(globalThis, { insituClient: client, insituLoad: new AbortController() });
      const { signal } = (globalThis as never as { insituLoad: AbortController }).insituLoad;
      client.pipeline('feature-extraction', reference, { signal }).catch(() => {});
    },
    { reference: model, ...settings },
  );
}

export async function openPage(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await openLibrary(page, `${url}/pages/module.html`);
  return page;
}

/** Files of the model in the store. */
export function storedFiles(page: Page): Promise<StoredModelFile[]> {
  return page.evaluate(async () => (await insitu.weights.list())[0]?.files ?? []);
}

export async function storedBytes(page: Page, path: string): Promise<number> {
  return (await storedFiles(page)).find((file) => file.path === path)?.size ?? 0;
}

/** The graph is in the store, whole, and byte for byte what the hub has. */
export async function expectGraphStored(page: Page): Promise<void> {
  const file = (await storedFiles(page)).find(({ path }) => path === graph);
  expect(file).toEqual({ path: graph, size: graphBytes.length, complete: true, sha256: graphSha256 });
  const [verified] = await page.evaluate(async () => {
    const models = await insitu.weights.list();
    return Promise.all(models.map(({ url }) => insitu.weights.verify(url)));
  });
  expect(verified).toEqual({ ok: true, damaged: [] });
}
