// @ts-check
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startStaticServer } from './static-server.mjs';

let directory = '';
/** @type {import('./static-server.mjs').StaticServer} */
let server;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'static-server-'));
  for (const path of ['site/index.html', 'own/a/both.json', 'own/a/own.json', 'all/a/both.json', 'all/a/all.json']) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), path);
  }
  server = await startStaticServer({
    mounts: [
      { prefix: '/', directory: join(directory, 'site') },
      { prefix: '/models/', directory: join(directory, 'own') },
      { prefix: '/models/', directory: join(directory, 'nowhere') },
      { prefix: '/models/', directory: join(directory, 'all') },
    ],
  });
});
afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

test.each([
  ['/', 200, 'site/index.html'],
  ['/models/a/own.json', 200, 'own/a/own.json'],
  ['/models/a/both.json', 200, 'own/a/both.json'],
  ['/models/a/all.json', 200, 'all/a/all.json'],
  ['/models/a/none.json', 404, 'Not found'],
  ['/none.json', 404, 'Not found'],
  ['/models/..%2fsite/index.html', 403, 'Error'],
])('%s is answered with %i from %s', async (path, status, text) => {
  const response = await fetch(server.url + path);
  expect([response.status, await response.text()]).toEqual([status, text]);
  expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
});

test('ranges are those of the file that answers', async () => {
  const response = await fetch(`${server.url}/models/a/all.json`, { headers: { Range: 'bytes=4-6' } });
  expect([response.status, await response.text()]).toEqual([206, 'a/a']);
  const beyond = await fetch(`${server.url}/models/a/both.json`, { headers: { Range: 'bytes=900-' } });
  expect(beyond.status).toBe(416);
});
