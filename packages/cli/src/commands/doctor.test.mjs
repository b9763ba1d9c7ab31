// @ts-check
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorkplace } from '../../support/command-context.mjs';
import { problemsIn as problems, startSite, strictPolicy } from '../../support/site.mjs';
import { doctorCommand, examine } from './doctor.mjs';

/** @typedef {import('../../support/site.mjs').Site} Site */

/** @type {Site} */
let site;
/** @type {import('../../support/command-context.mjs').Workplace} */
let workplace;

beforeEach(async () => {
  workplace = await createWorkplace();
  site = await startSite();
});
afterEach(async () => {
  await Promise.all([site.close(), workplace.remove()]);
});

const model = () => `${site.url}/models/org/name/`;

/** @param {{ model?: string | undefined, url?: string }} [options] */
const diagnose = ({ url = `${site.url}/`, ...options } = {}) =>
  examine({ url, assets: undefined, model: 'model' in options ? options.model : model() }, workplace.context.signal);

test('a good site is all right', async () => {
  const findings = await diagnose();
  expect(problems(findings)).toEqual([]);
  expect(findings.filter(({ check }) => check === 'asset').map(({ subject }) => new URL(subject).pathname)).toEqual([
    '/dist/index.js',
    '/dist/worker.js',
    '/dist/runtime.js',
    '/dist/ort-wasm-simd-threaded.mjs',
    '/dist/ort-wasm-simd-threaded.wasm',
  ]);
  expect(findings.map(({ check }) => check)).toEqual(expect.arrayContaining(['page', 'isolation', 'policy', 'model']));
});

const worker = '/dist/worker.js';
const wasm = '/dist/ort-wasm-simd-threaded.wasm';
const graph = '/models/org/name/onnx/model_quantized.onnx';
const page = { 'Content-Type': 'text/html' };

/** @type {[string, (site: Site) => void, [level: string, check: string, path: string][]][]} */
const singleFaults = [
  ['no COOP', ({ headers }) => delete headers['Cross-Origin-Opener-Policy'], [['warning', 'isolation', '/']]],
  ['no COEP', ({ headers }) => delete headers['Cross-Origin-Embedder-Policy'], [['warning', 'isolation', '/']]],
  [
    'COOP with popups',
    ({ headers }) => (headers['Cross-Origin-Opener-Policy'] = 'same-origin-allow-popups'),
    [['warning', 'isolation', '/']],
  ],
  ['COEP credentialless', ({ headers }) => (headers['Cross-Origin-Embedder-Policy'] = 'credentialless'), []],
  [
    'a worker without COEP',
    ({ file }) => (file(worker).headers = { ...file(worker).headers, 'Cross-Origin-Embedder-Policy': 'unsafe-none' }),
    [['failure', 'worker-isolation', worker]],
  ],
  [
    'wasm of no type',
    ({ file }) => (file(wasm).headers = { 'Content-Type': 'application/octet-stream' }),
    [['failure', 'type', wasm]],
  ],
  [
    'scripts as text',
    ({ file }) => (file('/dist/runtime.js').headers = { 'Content-Type': 'text/plain' }),
    [['failure', 'type', '/dist/runtime.js']],
  ],
  [
    'a file that is not there',
    ({ files }) => files.delete('/dist/runtime.js'),
    [['failure', 'asset', '/dist/runtime.js']],
  ],
  ['a worker that is not there', ({ files }) => files.delete(worker), [['failure', 'asset', worker]]],
  [
    'the application in the place of a file',
    (faulty) => {
      faulty.files.delete(wasm);
      faulty.unknown = { status: 200, body: '<!doctype html>', type: 'text/html' };
    },
    [
      ['failure', 'asset', wasm],
      ['failure', 'model', '/models/org/name/tokenizer_config.json'],
    ],
  ],
  [
    'a script that is not compressed',
    ({ file }) => (file(worker).compress = false),
    [['warning', 'compression', worker]],
  ],
  ['a model that is not there', ({ files }) => files.delete(graph), [['failure', 'model', '/models/org/name/']]],
  ['no ranges', ({ file }) => (file(graph).ranges = false), [['warning', 'ranges', graph]]],
  ['no validators', ({ file }) => (file(graph).headers = {}), [['warning', 'validators', graph]]],
  [
    'Last-Modified alone',
    ({ file }) => (file(graph).headers = { 'Last-Modified': 'Sat, 21 Nov 2026 10:00:00 GMT' }),
    [],
  ],
  [
    'a policy without WebAssembly',
    ({ file }) =>
      (file('/').headers = { ...page, 'Content-Security-Policy': strictPolicy.replace("'wasm-unsafe-eval'", '') }),
    [['failure', 'policy', '/']],
  ],
  [
    'a policy without workers',
    ({ file }) =>
      (file('/').headers = {
        ...page,
        'Content-Security-Policy': strictPolicy.replace("worker-src 'self'", "worker-src 'none'"),
      }),
    [['failure', 'policy', '/']],
  ],
  [
    'a policy without connections',
    ({ file }) =>
      (file('/').headers = { ...page, 'Content-Security-Policy': strictPolicy.replace("connect-src 'self'", '') }),
    [['failure', 'policy', '/']],
  ],
  [
    'a policy in the page',
    ({ file }) => (file('/').body += '<meta http-equiv="content-security-policy" content="script-src &#39;self&#39;">'),
    [['failure', 'policy', '/']],
  ],
  [
    'a policy of the worker',
    ({ file }) => (file(worker).headers['Content-Security-Policy'] = "script-src 'self'"),
    [['failure', 'policy', worker]],
  ],
  ['no policy at all', ({ file }) => (file('/').headers = page), []],
  ['a page that is not there', ({ files }) => files.delete('/'), [['failure', 'page', '/']]],
  ['a page that is none', ({ file }) => (file('/').headers = { 'Content-Type': 'text/plain' }), []],
  ['a file in the place of the page', ({ files, file }) => files.set('/', file(worker)), [['failure', 'page', '/']]],
];

test.each(singleFaults)('%s', async (_, spoil, expected) => {
  // Each test changes headers of its own copies.
  for (const file of site.files.values()) file.headers = { ...file.headers };
  spoil(site);
  const findings = await diagnose();
  expect(problems(findings)).toEqual(expected);
  for (const { level, fix } of findings) if (level !== 'ok') expect(fix).toMatch(/\.$/);
});

test('a model is compared with its manifest', async () => {
  const manifest = {
    format: 'insitu-model-1',
    model: 'org/name',
    files: [{ path: 'config.json', size: 2, sha256: 'a'.repeat(64) }],
  };
  site.files.set('/models/org/name/manifest.json', { body: JSON.stringify(manifest), headers: {} });
  expect(problems(await diagnose())).toEqual([]);
  site.file('/models/org/name/config.json').body = '{"a":1}';
  const [finding] = (await diagnose()).filter(({ level }) => level === 'failure');
  expect(finding?.message).toBe('config.json has 7 bytes; manifest.json says 2.');
});

describe('the report', () => {
  test('is for people', async () => {
    site.file(worker).headers = { 'Content-Type': 'text/plain' };
    const exitCode = await doctorCommand.run([`${site.url}/`], { model: '/models/org/name' }, workplace.context);
    expect(exitCode).toBe(1);
    expect(workplace.output()).toContain('OK       The page is cross-origin isolated: models may use threads.\n');
    expect(workplace.output()).toContain(
      'FAILURE  worker.js is served as text/plain, and browsers run no module of that type.\n         Serve .js as text/javascript.\n',
    );
    expect(workplace.output()).toMatch(/\n1 failure, 0 warnings\.\n$/);
  });

  test('is for programs', async () => {
    site.headers = {};
    expect(await doctorCommand.run([`${site.url}/`], { json: true }, workplace.context)).toBe(0);
    const report = JSON.parse(workplace.output());
    expect(report).toMatchObject({ url: `${site.url}/`, failures: 0, warnings: 1 });
    expect(report.checks).toContainEqual(expect.objectContaining({ level: 'warning', check: 'isolation' }));
  });

  test('has colours on a terminal, unless they are not wanted', async () => {
    const stdout = { ...workplace.context.stdout, isTTY: true };
    await doctorCommand.run([`${site.url}/`], {}, { ...workplace.context, stdout });
    expect(workplace.output()).toContain('\u001b[32mOK');
    const before = workplace.output().length;
    await doctorCommand.run([`${site.url}/`], {}, { ...workplace.context, stdout, environment: { NO_COLOR: '1' } });
    expect(workplace.output().slice(before)).not.toContain('\u001b');
  });

  test('needs addresses', async () => {
    await expect(doctorCommand.run(['host/path'], {}, workplace.context)).rejects.toThrow('<url> takes a URL such as');
    await expect(doctorCommand.run([site.url], { model: 'file:///' }, workplace.context)).rejects.toThrow(
      '--model takes a URL',
    );
  });

  test('says that nobody answers', async () => {
    const { url } = site;
    await site.close();
    const findings = await diagnose({ url });
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toMatch(/^The page could not be fetched \(connect ECONNREFUSED/);
    site = await startSite();
  });
});
