// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));

// A meta element reaches the page only; workers take their policy from the header of their own response.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Fills `<!-- include: name -->` with the page's own `name.html` or else `shared/name.html`, in which `%base%` leads to the
 * gallery and the link to the page itself is marked as current.
 *
 * @returns {import('vite').Plugin}
 */
function includeFragments() {
  return {
    name: 'include-fragments',
    transformIndexHtml: {
      order: 'pre',
      handler(html, { path: page }) {
        const depth = page.split('/').length - 2;
        const base = depth === 0 ? './' : '../'.repeat(depth);
        const folder = page.slice(1, page.lastIndexOf('/') + 1);
        return html.replace(/<!-- include: ([\w-]+) -->/g, (_, name) =>
          readFileSync(findFragment(folder, `${name}.html`), 'utf8')
            .replace(`data-page="${folder}"`, 'aria-current="page"')
            .replace(/ data-page="[^"]*"/g, '')
            .replaceAll('%base%', base),
        );
      },
    },
  };
}

/**
 * @param {string} folder Of the page.
 * @param {string} file
 */
function findFragment(folder, file) {
  const own = path.join(root, folder, file);
  return existsSync(own) ? own : path.join(root, 'shared', file);
}

/** @returns {import('vite').Plugin} */
function writeContentSecurityPolicy() {
  return {
    name: 'write-content-security-policy',
    // The development server needs inline styles and a socket.
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy },
        injectTo: 'head-prepend',
      },
    ],
  };
}

export default defineConfig({
  root,
  base: './',
  plugins: [includeFragments(), writeContentSecurityPolicy()],
  build: {
    outDir: path.join(root, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        gallery: path.join(root, 'index.html'),
        'semantic-search': path.join(root, 'semantic-search/index.html'),
        sentiment: path.join(root, 'sentiment/index.html'),
        write: path.join(root, 'write/index.html'),
        ask: path.join(root, 'ask/index.html'),
        transcribe: path.join(root, 'transcribe/index.html'),
        'teach-it': path.join(root, 'teach-it/index.html'),
        'model-manager': path.join(root, 'model-manager/index.html'),
        'break-it': path.join(root, 'break-it/index.html'),
      },
    },
  },
  worker: { format: 'es' },
});
