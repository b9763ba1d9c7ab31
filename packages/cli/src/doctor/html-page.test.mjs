// @ts-check
import { expect, test } from 'vitest';
import { parsePage } from './html-page.mjs';

const url = 'https://app.example/shop/';

test('scripts, preloads, import maps and policies are read', () => {
  const page = parsePage(
    `<!doctype html><html><head>
    <!-- <script src="old.js"></script> -->
    <META HTTP-EQUIV='Content-Security-Policy' content="script-src &#39;self&#39; &#x27;wasm-unsafe-eval&#x27;; img-src a&amp;b">
    <meta name="description" content="5 > 4">
    <link rel="stylesheet" href="style.css"><link rel=modulepreload href=/chunk.js crossorigin>
    <script type="importmap">{ "imports": { "insitu": "../lib/index.js", "data": "data:text/javascript," } }</script>
    <script type=module
      src="app.js"></script>
    <script>if (1 < 2) document.write("<script src='written.js'>");</script>
    <script type="application/json">{"not":"a script"}</script>
    <script src="javascript:alert(1)"></script>
    </head>`,
    url,
  );
  expect(page).toEqual({
    url,
    baseUrl: url,
    scripts: ['https://app.example/chunk.js', 'https://app.example/shop/app.js'],
    inlineScripts: [`if (1 < 2) document.write("<script src='written.js'>");`],
    imports: { insitu: 'https://app.example/lib/index.js' },
    policies: ["script-src 'self' 'wasm-unsafe-eval'; img-src a&b"],
  });
});

test('addresses are relative to the base', () => {
  const page = parsePage('<base href="/other/"><script src="app.js"></script>', url);
  expect(page).toMatchObject({ baseUrl: 'https://app.example/other/', scripts: ['https://app.example/other/app.js'] });
});

test('an import map that is damaged has nothing in it', () => {
  expect(parsePage('<script type="importmap">{</script>', url).imports).toEqual({});
});
