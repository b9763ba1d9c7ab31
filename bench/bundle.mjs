// @ts-check
import { dirname } from 'node:path';
import { build } from 'vite';

/**
 * Bundles and minifies as the production build of an application does.
 *
 * @param {readonly string[]} entries Files; each becomes a file of its name in the directory.
 * @param {string} directory Emptied before.
 * @param {import('vite').Alias[]} [alias]
 */
export async function bundle(entries, directory, alias = []) {
  const [first = '.'] = entries;
  await build({
    configFile: false,
    root: dirname(first),
    publicDir: false,
    logLevel: 'error',
    resolve: { alias },
    build: {
      outDir: directory,
      emptyOutDir: true,
      chunkSizeWarningLimit: Infinity,
      rolldownOptions: {
        input: [...entries],
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].mjs' },
      },
    },
  });
}
