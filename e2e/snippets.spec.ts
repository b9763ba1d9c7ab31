import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { snippetOf } from '../scripts/docs/snippet.mjs';
import { areLike, readSnippet } from './support/read-snippet.ts';
import { expect, test } from './support/test.ts';
import { tinyModels } from './support/tiny-models.ts';

interface Printed {
  /** Which of the statements that print. */
  index: number;
  values: unknown[];
  documented: unknown[];
}

declare global {
  var printed: Printed[];
  var finished: boolean;
}

let page: Page;
test.beforeAll(async ({ browser, site }) => {
  page = await browser.newPage();
  await page.goto(`${site.url}/pages/module.html`);
});
test.afterAll(() => page.close());

const ofTasks = Object.entries(tinyModels).map(([task, model]) => [`tasks/${task}.md`, model] as const);

for (const [document, model] of [...ofTasks, ['learning.md', tinyModels['feature-extraction']] as const]) {
  test(`the snippets of docs/${document} print what they say`, async () => {
    const text = readFileSync(join(import.meta.dirname, '../docs', document), 'utf8');
    const { code, statements } = readSnippet(snippetOf(text), `/models/insitu/${model}/`);
    const failed = page.waitForEvent('pageerror').then((error) => {
      throw error;
    });
    const printed = page
      .evaluate(() => {
        globalThis.printed = [];
        globalThis.finished = false;
      })
      .then(() => page.addScriptTag({ type: 'module', content: code }))
      .then(() => page.waitForFunction(() => globalThis.finished))
      .then(() => page.evaluate(() => globalThis.printed));
    const seen = await Promise.race([printed, failed]);
    expect(new Set(seen.map(({ index }) => index)), 'statements that print').toEqual(new Set(statements.keys()));
    for (const { index, values, documented } of seen) {
      expect(areLike(values, documented), `${statements[index]}\nprinted ${JSON.stringify(values)}`).toBe(true);
    }
  });
}
