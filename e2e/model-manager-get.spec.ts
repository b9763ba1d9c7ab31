import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startStaticServer } from '../scripts/serve/static-server.mjs';
import { card, collectComplaints, getModel, offer, openModelManager, patience } from './support/model-manager-page.ts';
import { classifier, embedder } from './support/site.ts';
import { expect, test } from './support/test.ts';

const root = join(import.meta.dirname, '..');
const graph = 'onnx/model_quantized.onnx';

async function ask(page: Page, words: string): Promise<void> {
  await page.getByTestId('ask-text').fill(words);
  await page.getByTestId('ask-go').click();
}

let complaints: string[] = [];

test.beforeEach(({ page, site }) => {
  site.requests.length = 0;
  complaints = collectComplaints(page);
});

test.afterEach(() => expect(complaints).toEqual([]));

test('a pack gives a deleted model back, which answers without the network', async ({ page, site }, testInfo) => {
  await openModelManager(page, site);
  await getModel(page, 0);
  const row = card(page, 'all-MiniLM-L6-v2');
  const downloading = page.waitForEvent('download');
  await row.getByTestId('export').click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('all-MiniLM-L6-v2.insitu.tar');
  const pack = testInfo.outputPath('pack.tar');
  await download.saveAs(pack);
  await expect(row.getByTestId('outcome')).toContainText('23.4 MB, is with the browser’s downloads');

  await row.getByTestId('delete').click();
  await expect(row.getByTestId('confirm')).toContainText('Delete all-MiniLM-L6-v2, 23.4 MB?');
  await row.getByTestId('confirm-no').click();
  await expect(row.getByTestId('confirm')).toBeHidden();
  await row.getByTestId('delete').click();
  await row.getByTestId('confirm-yes').click();
  await expect(page.getByTestId('empty')).toBeVisible();

  await page.getByTestId('no-network').click();
  await ask(page, 'gravity moves the ocean');
  const failure = page.getByTestId('ask').getByTestId('failure');
  await expect(failure.locator('code')).toHaveText('MODEL_NOT_FOUND', patience);
  await expect(failure.locator('.failure-hint')).not.toBeEmpty();

  site.requests.length = 0;
  await page.getByTestId('pack-file').setInputFiles(pack);
  await expect(page.getByTestId('pack-zone')).toContainText(
    `all-MiniLM-L6-v2 is stored, and loads as ${embedder}`,
    patience,
  );
  await expect(row.getByTestId('file-count')).toHaveText('4, complete');
  await page.getByTestId('ask-go').click();
  await expect(page.getByTestId('answer').getByRole('listitem').first()).toContainText('moon', patience);
  await expect(page.getByTestId('proof-source')).toHaveText('store');
  await expect(page.getByTestId('proof-kinds')).toContainText('0 for the model');
  await expect(row.getByTestId('badges')).toContainText('in use now');
  expect(site.requests.filter((path) => path.startsWith('/models/'))).toEqual([]);

  site.requests.length = 0;
  await ask(page, 'insects showing each other the way');
  await expect(page.getByTestId('answer').getByRole('listitem').first()).toContainText('bee');
  await expect(page.getByTestId('proof-requests')).toHaveText('0');
  await expect(page.getByTestId('proof-source')).toHaveText('memory');
  expect(site.requests).toEqual([]);
});

test('what is no pack is refused with a hint, also when it is dropped', async ({ page, site }) => {
  await openModelManager(page, site);
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['not a tar'], 'holiday.tar'));
    return transfer;
  });
  await page.getByTestId('pack-zone').dispatchEvent('drop', { dataTransfer: dropped });
  const failure = page.getByTestId('pack-zone').getByTestId('failure');
  await expect(failure).toContainText('INPUT_INVALID');
  await expect(failure).toContainText('exportPack');
});

test('a download that was cancelled goes on where it stopped, also after a reload', async ({ page }) => {
  const sent = 8_000_000;
  const ranges: (string | undefined)[] = [];
  const file = join(root, 'models', embedder.slice('/models/'.length), graph);
  const { size, mtime } = await stat(file);
  const slow = await startStaticServer({
    mounts: [
      { prefix: '/', directory: join(root, 'demos/dist') },
      { prefix: '/models/', directory: join(root, 'models') },
    ],
    intercept({ url, headers }, response) {
      if (!url?.endsWith(graph)) return false;
      ranges.push(headers.range);
      if (headers.range) return false;
      // The beginning, and then silence.
      response.writeHead(200, { 'Content-Length': size, 'Last-Modified': mtime.toUTCString() });
      createReadStream(file, { end: sent - 1 }).pipe(response, { end: false });
      return true;
    },
  });
  try {
    await openModelManager(page, slow);
    await offer(page, 0).getByTestId('get').click();
    await expect(offer(page, 0)).toContainText('8.7 MB of 23.4 MB', patience);
    await offer(page, 0).getByTestId('cancel').click();
    await expect(offer(page, 0)).toContainText('Stopped at 8.7 MB of 23.4 MB');
    const row = card(page, 'all-MiniLM-L6-v2');
    await expect(row.getByTestId('badges')).toHaveText('incomplete');
    await row.getByTestId('show-files').click();
    await expect(row.getByTestId('file').filter({ hasText: graph })).toContainText('8.0 MB so far');

    await page.reload();
    await expect(offer(page, 0).getByTestId('get')).toHaveText('Resume');
    await offer(page, 0).getByTestId('get').click();
    await expect(offer(page, 0)).toContainText(/14\.7 MB fetched in .*, going on from 8\.0 MB/, patience);
    await expect(row.getByTestId('file-count')).toHaveText('4, complete');
    expect(ranges).toEqual([undefined, `bytes=${sent}-`]);
  } finally {
    await slow.close();
  }
});

test('a model on the disk answers, and nothing of it is stored', async ({ page, site }) => {
  await openModelManager(page, site);
  await page.getByTestId('disk-files').setInputFiles(join(root, classifier));
  await expect(page.getByTestId('disk-work')).toContainText('From your disk, 23.4 MB, not stored again', patience);
  await expect(page.getByTestId('disk-answer')).toContainText('positive');
  await expect(page.getByTestId('storage-sum')).toHaveText('No models');
  expect(site.requests.filter((path) => path.startsWith('/models/'))).toEqual([]);
});
