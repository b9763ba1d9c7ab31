// @ts-check
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findChromium, launchArguments } from './scripts/chromium/find-chromium.mjs';

const executablePath = await findChromium();

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          // Some start processes; a busy machine is slow at that.
          testTimeout: 20_000,
          environment: 'node',
          include: [
            'src/**/*.test.ts',
            'scripts/**/*.test.mjs',
            'bench/**/*.test.mjs',
            'demos/**/*.test.ts',
            'packages/**/*.test.ts',
            'packages/**/*.test.mjs',
          ],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.browser.test.ts'],
          typecheck: {
            enabled: true,
            include: ['src/**/*.test-d.ts'],
            tsconfig: './tsconfig.test.json',
            // `tsc -p tsconfig.test.json` is a check of its own; here only the type tests count.
            ignoreSourceErrors: true,
          },
        },
      },
      {
        // Vite would otherwise discover these while a test runs, and reload the page under it.
        optimizeDeps: {
          include: ['@huggingface/transformers', 'hash-wasm', 'idb-keyval', 'modern-tar', 'wasm-feature-detect'],
        },
        test: {
          name: 'browser',
          testTimeout: 30_000,
          include: ['src/**/*.browser.test.ts', 'packages/**/*.browser.test.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { ...(executablePath && { executablePath }), args: launchArguments() },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
