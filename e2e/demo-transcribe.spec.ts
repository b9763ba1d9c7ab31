import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';
import { launchArguments } from '../scripts/chromium/find-chromium.mjs';

const sample = join(import.meta.dirname, '../demos/public/transcribe/sample.wav');
/** Whisper hears half a minute at once, however short the recording is. */
const patience = { timeout: 120_000 };

// A microphone that hears the sample, and a visitor who allows it.
test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'insitu-microphone-'));
    const heard = join(folder, 'heard.wav');
    await writeFile(heard, expandMuLaw(await readFile(sample)));
    await use({
      ...launchOptions,
      args: [
        ...launchArguments(),
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-audio-capture=${heard}`,
      ],
    });
    await rm(folder, { recursive: true });
  },
});
test.describe.configure({ timeout: 240_000 });

/** The sample in 16 bits (ITU-T G.711): Chromium's microphone of a file takes nothing else. */
function expandMuLaw(file: Buffer): Buffer {
  const header = 58;
  const samples = file.subarray(header);
  const wav = Buffer.alloc(44 + samples.length * 2);
  wav.write('RIFF');
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(16_000, 24);
  wav.writeUInt32LE(32_000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((byte, at) => {
    const bits = ~byte & 0xff;
    const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
    wav.writeInt16LE(bits & 0x80 ? -magnitude : magnitude, 44 + at * 2);
  });
  return wav;
}

async function openTranscribe(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/transcribe/`);
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'ready', { timeout: 60_000 });
}

const expectState = (page: Page, state: string) =>
  expect(page.getByTestId('transcript-note')).toHaveAttribute('data-state', state, patience);

test.beforeEach(({ page }) => {
  page.on('pageerror', (error) => {
    throw error;
  });
});

test('the sample is read while it is understood, its words seek the player, and no request is made', async ({
  page,
  site,
}) => {
  await openTranscribe(page, site.url);
  const requestsWhenReady = site.requests.length;
  await page.getByTestId('use-sample').click();
  const partial = page.getByTestId('partial');
  await expect(partial).toContainText(/good/i, patience);
  expect(await partial.textContent()).not.toContain('<|');
  await expectState(page, 'done');
  const segments = page.getByTestId('segment');
  await expect(page.getByTestId('segments')).toContainText(/weather report/i);
  expect(await segments.count()).toBeGreaterThan(1);

  const start = Number(await segments.nth(1).getAttribute('data-start'));
  expect(start).toBeGreaterThan(0);
  await segments.nth(1).getByRole('button').click();
  await expect(segments.nth(1)).toHaveAttribute('aria-current', 'true');
  await expect(page.getByTestId('play')).toHaveAttribute('aria-label', 'Pause');
  const position = async () => Number(await page.getByTestId('waveform').getAttribute('aria-valuenow'));
  await expect.poll(position).toBeGreaterThan(start);

  const saving = page.waitForEvent('download');
  await page.getByTestId('save-vtt').click();
  const saved = await saving;
  expect(saved.suggestedFilename()).toBe('Sample.vtt');
  expect(await readFile(await saved.path(), 'utf8')).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:[\d.]+\nGood evening/);

  await expect(page.getByTestId('requests')).toHaveText('0');
  expect(site.requests.slice(requestsWhenReady)).toEqual([]);
});

test('the microphone is recorded and read; the slider seeks by keys', async ({ page, site }) => {
  await openTranscribe(page, site.url);
  await page.getByTestId('record').click();
  await expect(page.getByTestId('waveform')).toHaveAttribute('data-state', 'live');
  await expect(page.getByTestId('clock')).toHaveText('0:05', { timeout: 30_000 });
  await page.getByTestId('record').click();
  await expect(page.getByTestId('waveform')).toHaveAttribute('data-state', 'sound');
  await expectState(page, 'done');
  await expect(page.getByTestId('segments')).toContainText(/evening|weather|rain/i);
  await page.getByTestId('waveform').press('ArrowRight');
  await expect(page.getByTestId('waveform')).toHaveAttribute('aria-valuetext', /^0:05 of/);
});

test('Escape stops the reading, and it can be read again', async ({ page, site }) => {
  await openTranscribe(page, site.url);
  await page.getByTestId('file-input').setInputFiles(sample);
  await expectState(page, 'reading');
  await page.keyboard.press('Escape');
  await expectState(page, 'stopped');
  await expect(page.getByTestId('partial')).toHaveCount(0);
  await page.getByTestId('again').click();
  await expectState(page, 'done');
  await expect(page.getByTestId('segments')).toContainText(/weather/i);
});

test('what is no sound is told, and the next file is taken', async ({ page, site }) => {
  await openTranscribe(page, site.url);
  const file = page.getByTestId('file-input');
  await file.setInputFiles({ name: 'notes.wav', mimeType: 'audio/wav', buffer: Buffer.from('no sound') });
  await expect(page.getByTestId('failure')).toContainText('cannot decode');
  await file.setInputFiles(sample);
  await expect(page.getByTestId('failure')).toBeHidden();
  await expect(page.getByTestId('sound-name')).toHaveText('sample.wav');
});
