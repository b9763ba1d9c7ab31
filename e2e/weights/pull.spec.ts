import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStaticServer } from '../../scripts/serve/static-server.mjs';
import { openLibrary } from '../support/test.ts';
import { expect, graph, graphBytes, model, test as base } from './hub-test.ts';

const root = join(import.meta.dirname, '../..');

const test = base.extend<{ out: string }>({
  out: async ({}, use) => {
    const directory = await mkdtemp(join(tmpdir(), 'insitu-pull-'));
    await use(directory);
    await rm(directory, { recursive: true, force: true });
  },
});

interface Ended {
  code: number | null;
  output: string;
}

function insituCommand(...given: string[]): { process: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(root, 'bin/insitu.mjs'), ...given], { cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return {
    process: child,
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, output }))),
  };
}

test('a model that was pulled is served by a site that needs no other host', async ({ page, hub, out }) => {
  const pulled = await insituCommand('pull', model, '--host', hub.url, '--out', out).ended;
  expect(pulled, pulled.output).toMatchObject({ code: 0 });
  const folder = join(out, model);
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({ format: 'insitu-model-1', model, revision: expect.stringMatching(/^[\da-f]{40}$/) });
  expect(await insituCommand('verify', folder).ended).toMatchObject({ code: 0 });
  hub.clearLog();

  const site = await startStaticServer({
    mounts: [
      { prefix: '/', directory: join(root, 'e2e/pages') },
      { prefix: '/dist/', directory: join(root, 'dist') },
      { prefix: '/models/', directory: out },
    ],
  });
  const elsewhere: string[] = [];
  await page.context().route(
    (url) => url.origin !== site.url,
    (route) => {
      elsewhere.push(route.request().url());
      return route.abort();
    },
  );
  await openLibrary(page, `${site.url}/module.html`);
  const dims = await page.evaluate(
    async ([reference, pinned]) => {
      const embed = await insitu.pipeline('feature-extraction', `/models/${reference as string}/`, {
        manifest: pinned as never,
      });
      return (await embed('The ferry is late.', { pooling: 'mean' })).dims;
    },
    [model, manifest] as const,
  );
  expect(dims).toEqual([1, 384]);
  expect(elsewhere).toEqual([]);
  expect(hub.log).toEqual([]);

  const doctor = await insituCommand('doctor', `${site.url}/module.html`, '--assets', `${site.url}/dist/`).ended;
  expect(doctor.output).toMatch(/application\/wasm|WebAssembly|wasm/);
  expect(doctor, doctor.output).toMatchObject({ code: 0 });
  await site.close();
});

test('a pull that is interrupted goes on, and fetches no byte twice', async ({ hub, out }) => {
  hub.fault({ path: graph, times: 1 }, { kind: 'stall', after: 9_000_000 });
  const first = insituCommand('pull', model, '--host', hub.url, '--out', out);
  const part = join(out, model, `${graph}.part`);
  await expect
    .poll(async () => (await readFile(part).catch(() => Buffer.alloc(0))).length, { timeout: 20_000 })
    .toBe(9_000_000);
  first.process.kill('SIGINT');
  expect((await first.ended).code).not.toBe(0);
  const second = await insituCommand('pull', model, '--host', hub.url, '--out', out).ended;
  expect(second, second.output).toMatchObject({ code: 0 });
  expect(hub.sentTwice(graph)).toBe(0);
  expect(hub.sent(graph)).toBe(graphBytes.length);
  expect(graphBytes.equals(await readFile(join(out, model, graph)))).toBe(true);
});
