// @ts-check
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { problemsIn as problems, startSite, strictPolicy } from '../../support/site.mjs';
import { examine } from '../commands/doctor.mjs';

/** @typedef {import('../../support/site.mjs').Site} Site */

/** @type {Site} */
let site;
/** Another origin, from which the page may load everything. @type {Site} */
let cdn;

beforeEach(async () => {
  site = await startSite();
  cdn = await startSite('*');
});
afterEach(async () => {
  await Promise.all([site.close(), cdn.close()]);
});

const page = { 'Content-Type': 'text/html' };

/** @param {{ assets?: string, model?: string }} [options] */
const diagnose = ({ assets, model } = {}) =>
  examine({ url: `${site.url}/`, assets, model }, new AbortController().signal);

describe('the files of insitu are found', () => {
  const setPage = (/** @type {string} */ body) => (site.file('/').body = `<!doctype html>${body}`);
  const move = (/** @type {(path: string) => string} */ rename) => {
    for (const [path, file] of [...site.files].filter(([name]) => name.startsWith('/dist/'))) {
      site.files.delete(path);
      site.files.set(rename(path), file);
    }
  };

  test.each([
    ['a script tag', '<script src="/insitu/index.js"></script>'],
    [
      'an import map',
      '<script type="importmap">{"imports":{"insitu":"/insitu/index.js"}}</script><script type="module">import "insitu"</script>',
    ],
    ['a base', '<base href="/insitu/"><script type="module">await import(`./index.js`)</script>'],
    ['a script that imports', '<script type=module src=/app.js></script>'],
  ])('through %s', async (_, body) => {
    move((path) => path.replace('/dist/', '/insitu/'));
    site.files.set('/app.js', { body: "import{a}from'./lib.js'", headers: { 'Content-Type': 'text/javascript' } });
    site.files.set('/lib.js', {
      body: "export * from './insitu/index.js'",
      headers: { 'Content-Type': 'text/javascript' },
    });
    setPage(body);
    const findings = await diagnose();
    expect(problems(findings)).toEqual([]);
    expect(findings.filter(({ check }) => check === 'asset')).toHaveLength(5);
  });

  test('through what a bundler made of them', async () => {
    const hashed = (/** @type {string} */ text) =>
      text.replaceAll(/(worker|runtime|threaded)(?=\.(js|mjs|wasm))/g, '$1-AbC_12-x');
    move((path) => hashed(path).replace('/dist/', '/assets/').replace('index.js', 'app-12345678.js'));
    for (const file of site.files.values()) file.body = hashed(file.body);
    setPage('<script type="module" crossorigin src="./assets/app-12345678.js"></script>');
    const findings = await diagnose();
    expect(problems(findings)).toEqual([]);
    expect(findings.map(({ subject }) => new URL(subject).pathname)).toContain(
      '/assets/ort-wasm-simd-threaded-AbC_12-x.wasm',
    );

    site.files.delete('/assets/worker-AbC_12-x.js');
    expect(problems(await diagnose())).toEqual([['failure', 'asset', '/assets/worker-AbC_12-x.js']]);
  });

  test('in the copy of the worker that is complete, and with the worker of the store', async () => {
    const type = { 'Content-Type': 'text/javascript' };
    site.file('/dist/index.js').body =
      'new URL("weights-worker.js",import.meta.url);new URL("copy/worker.js",import.meta.url);' +
      'new Worker(new URL("./worker.js",import.meta.url),{name:"insitu"})';
    site.files.set('/dist/copy/worker.js', { body: 'import("./ort-wasm-simd-threaded.mjs")', headers: type });
    expect(problems(await diagnose())).toEqual([['failure', 'asset', '/dist/weights-worker.js']]);
    site.files.set('/dist/weights-worker.js', { body: 'export {}', headers: type });
    expect(problems(await diagnose())).toEqual([]);
    expect(problems(await diagnose({ assets: `${site.url}/dist/` }))).toEqual([]);
    site.file('/dist/weights-worker.js').headers = { ...type, 'Cross-Origin-Embedder-Policy': 'unsafe-none' };
    const faulty = [['failure', 'worker-isolation', '/dist/weights-worker.js']];
    expect(problems(await diagnose({ assets: `${site.url}/dist/` }))).toEqual(faulty);
  });

  test('in dist/ beside the page', async () => {
    setPage('<script type="module" src="/app.js"></script>');
    expect(problems(await diagnose())).toEqual([]);
  });

  test('where they are said to be', async () => {
    move((path) => path.replace('/dist/', '/elsewhere/'));
    setPage('');
    expect(problems(await diagnose())).toEqual([['failure', 'asset', '/']]);
    const assets = `${site.url}/elsewhere/`;
    expect(problems(await diagnose({ assets }))).toEqual([]);
    site.files.delete('/elsewhere/index.js');
    expect(problems(await diagnose({ assets }))).toEqual([]);
    site.files.delete('/elsewhere/worker.js');
    expect(problems(await diagnose({ assets }))).toEqual([['failure', 'asset', '/elsewhere/worker.js']]);
  });

  test('not in a foreign script, which is not fetched', async () => {
    setPage(`<script src="${cdn.url}/analytics.js"></script>`);
    await diagnose();
    expect(cdn.requests).toEqual([]);
  });
});

describe('files of another origin', () => {
  const policyFor = (/** @type {string} */ origin) =>
    `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' ${origin}; worker-src blob:; connect-src ${origin}`;

  beforeEach(() => {
    site.file('/').headers = { ...page, 'Content-Security-Policy': policyFor(cdn.url) };
  });
  const fromCdn = () => diagnose({ assets: `${cdn.url}/dist/`, model: `${cdn.url}/models/org/name/` });

  test('may be used where they say so', async () => {
    cdn.headers = {};
    expect(problems(await fromCdn())).toEqual([]);
  });

  test('may not where they do not', async () => {
    await cdn.close();
    cdn = await startSite('https://other.example');
    site.file('/').headers = { ...page, 'Content-Security-Policy': policyFor(cdn.url) };
    const found = problems(await fromCdn());
    expect(found).toHaveLength(7);
    expect(new Set(found.map(([level, check]) => `${level} ${check}`))).toEqual(new Set(['failure cors']));
  });

  test('need a policy for them', async () => {
    site.file('/').headers = { ...page, 'Content-Security-Policy': strictPolicy };
    const findings = await fromCdn();
    const fixes = findings.filter(({ level }) => level === 'failure').map(({ fix }) => fix);
    expect(fixes).toEqual([
      'Add blob: to worker-src.',
      `Add ${cdn.url} to script-src.`,
      `Add ${cdn.url} to connect-src.`,
    ]);
  });
});
