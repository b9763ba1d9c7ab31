// @ts-check
import { defineConfig } from '@playwright/test';
import { findChromium, launchArguments } from './scripts/chromium/find-chromium.mjs';

const executablePath = await findChromium();

export default defineConfig({
  testDir: 'e2e',
  // Playwright empties this folder when it starts; the other suites' results lie one level up.
  outputDir: 'test-results/e2e',
  forbidOnly: Boolean(process.env['CI']),
  retries: 0,
  // What takes time here waits more than it computes.
  workers: 2,
  timeout: 60_000,
  // A busy machine is slow; what fails does so all the same.
  expect: { timeout: 15_000 },
  globalTimeout: 28 * 60_000,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    headless: true,
    launchOptions: { ...(executablePath && { executablePath }), args: launchArguments() },
  },
});
