import { gunzipSync } from 'node:zlib';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { type Hub, type HubOptions, startHub } from './hub-server.ts';
import { follow, receive } from './receive.ts';
import { hash } from './repository.ts';

const repository = 'insitu/tiny';
const config = JSON.stringify({ model_type: 'bert', padding: ' '.repeat(2000) });
const weights = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));

const test = base.extend<{ hubOptions: HubOptions; hub: Hub; commit: string; files: string }>({
  hubOptions: [{}, { option: true }],
  hub: async ({ hubOptions }, use) => {
    const hub = await startHub(hubOptions);
    await use(hub);
    await hub.close();
  },
  commit: async ({ hub }, use) =>
    use(hub.publish(repository, { 'config.json': config, 'onnx/model.onnx': weights }, { tag: 'v1.0' })),
  files: async ({ hub, commit }, use) => use(`${hub.url}/${repository}/resolve/${commit}`),
});

/** As git does, independently of the server. */
const gitHash = (content: string | Uint8Array) => hash('sha1', `blob ${Buffer.byteLength(content)}\0`, content);
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${hash('sha256', weights)}\nsize 300000\n`;

test('a small file is answered directly, with its git hash and commit', async ({ files, commit }) => {
  const { status, headers, bytes } = await receive(`${files}/config.json`);
  expect(status).toBe(200);
  expect(bytes.toString()).toBe(config);
  expect(headers).toMatchObject({
    etag: `"${gitHash(config)}"`,
    'x-repo-commit': commit,
    'accept-ranges': 'bytes',
    'content-length': String(config.length),
    'content-type': 'text/plain; charset=utf-8',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  });
  expect(headers['access-control-expose-headers']).toContain('X-Linked-ETag');
  expect(headers['x-linked-etag']).toBeUndefined();
});

test('only the redirect of an LFS file tells its hash and commit; the CDN has a hash of its own', async ({
  hub,
  files,
  commit,
}) => {
  const redirect = await receive(`${files}/onnx/model.onnx`);
  expect(redirect.status).toBe(302);
  expect(redirect.headers).toMatchObject({
    'x-linked-etag': `"${hash('sha256', weights)}"`,
    'x-linked-size': '300000',
    'x-repo-commit': commit,
    etag: `"${gitHash(pointer)}"`,
  });
  const location = redirect.headers.location ?? '';
  expect(location.startsWith(`${hub.cdnUrl}/xet-bridge-us/`)).toBe(true);
  expect(location).toContain('&Signature=');

  const { status, headers, bytes } = await receive(location);
  expect(status).toBe(200);
  expect(bytes.equals(weights)).toBe(true);
  expect(Object.keys(headers).filter((name) => name.startsWith('x-'))).toEqual([]);
  expect(headers.etag).toMatch(/^"[0-9a-f]{64}"$/);
  expect(headers.etag).not.toContain(hash('sha256', weights));
  expect(headers['accept-ranges']).toBe('bytes');

  expect((await receive(`${files}/onnx/model.onnx`)).headers.location).not.toBe(location);
  expect((await receive(location.replace(/Signature=[^&]+/, 'Signature=guessed'))).status).toBe(403);
});

test('HEAD has the headers of GET, and no body', async ({ hub, files }) => {
  for (const path of ['config.json', 'onnx/model.onnx']) {
    const head = await follow(`${files}/${path}`, { method: 'HEAD' });
    const get = await follow(`${files}/${path}`);
    expect({ ...head.headers, 'content-disposition': '', date: '' }).toEqual({
      ...get.headers,
      'content-disposition': '',
      date: '',
    });
    expect(head.bytes.length).toBe(0);
  }
  expect(hub.count('config.json')).toBe(1);
  expect(hub.log.filter(({ method }) => method === 'HEAD').map(({ status }) => status)).toEqual([200, 302, 200]);
});

test('ranges are answered by the Hub and the CDN alike', async ({ hub, files }) => {
  for (const [path, content] of [
    ['config.json', Buffer.from(config)],
    ['onnx/model.onnx', weights],
  ] as const) {
    const size = content.length;
    const part = async (range: string, headers = {}) => {
      const received = await follow(`${files}/${path}`, { headers: { Range: range, ...headers } });
      return [received.status, received.headers['content-range'], received.bytes] as const;
    };
    expect(await part('bytes=10-19')).toEqual([206, `bytes 10-19/${size}`, content.subarray(10, 20)]);
    expect(await part('bytes=1000-')).toEqual([206, `bytes 1000-${size - 1}/${size}`, content.subarray(1000)]);
    expect(await part('bytes=-5')).toEqual([206, `bytes ${size - 5}-${size - 1}/${size}`, content.subarray(-5)]);
    expect(await part(`bytes=5-${size * 2}`)).toEqual([206, `bytes 5-${size - 1}/${size}`, content.subarray(5)]);
    expect(await part(`bytes=${size}-`)).toEqual([416, `bytes */${size}`, Buffer.alloc(0)]);
    expect(await part('bytes=0-1,5-6')).toEqual([200, undefined, content]);
    expect(await part('bytes=9-3')).toEqual([200, undefined, content]);

    const { etag = '' } = (await follow(`${files}/${path}`)).headers;
    expect((await part('bytes=10-19', { 'If-Range': etag }))[0]).toBe(206);
    expect((await part('bytes=10-19', { 'If-Range': '"other"' }))[0]).toBe(200);
    expect((await part('bytes=10-19', { 'If-Range': `W/${etag}` }))[0]).toBe(200);
  }
  expect(hub.log[0]).toMatchObject({ origin: 'hub', status: 206, headers: { range: 'bytes=10-19' }, sent: [10, 20] });
  const onCdn = hub.log.find(({ origin }) => origin === 'cdn');
  expect(onCdn).toMatchObject({ file: `${repository}/onnx/model.onnx`, status: 206, sent: [10, 20] });
});

test('a file that is the same is not sent again', async ({ hub, files, commit }) => {
  const { headers } = await receive(`${files}/config.json`);
  const again = await receive(`${files}/config.json`, { headers: { 'If-None-Match': `"other", W/${headers.etag}` } });
  expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, headers.etag]);
  expect(again.headers['x-repo-commit']).toBe(commit);
  expect(hub.count('config.json')).toBe(1);
  expect((await receive(`${files}/config.json`, { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
});

test('raw files are what git has, and the API tells their hashes', async ({ hub, commit }) => {
  const get = async (path: string) => (await receive(hub.url + path)).bytes.toString();
  expect(await get(`/${repository}/raw/main/config.json`)).toBe(config);
  expect(await get(`/${repository}/raw/main/onnx/model.onnx`)).toBe(pointer);
  expect(JSON.parse(await get(`/api/models/${repository}/revision/v1.0`))).toEqual({ id: repository, sha: commit });
  const lfs = { oid: hash('sha256', weights), size: 300_000, pointerSize: pointer.length };
  const tree = [
    { type: 'directory', path: 'onnx', size: 0, oid: expect.stringMatching(/^[0-9a-f]{40}$/) },
    { type: 'file', path: 'config.json', size: config.length, oid: gitHash(config) },
    { type: 'file', path: 'onnx/model.onnx', size: 300_000, oid: gitHash(pointer), lfs },
  ];
  expect(JSON.parse(await get(`/api/models/${repository}/tree/main?recursive=true`))).toEqual(tree);
  expect(JSON.parse(await get(`/api/models/${repository}/tree/main`))).toEqual(tree.slice(0, 2));
  expect(hub.count(/./)).toBe(0);
});

test('main moves on; a commit and a tag stay', async ({ hub, commit }, testInfo) => {
  const folder = testInfo.outputPath('model');
  await mkdir(join(folder, 'onnx'), { recursive: true });
  await writeFile(join(folder, 'config.json'), '{}');
  await writeFile(join(folder, 'onnx/model.onnx'), 'new');
  const next = await hub.publishFolder(repository, folder);
  const at = async (revision: string) => {
    const { headers, bytes } = await receive(`${hub.url}/${repository}/resolve/${revision}/config.json`);
    return [headers['x-repo-commit'], bytes.toString()];
  };
  expect(next).toMatch(/^[0-9a-f]{40}$/);
  expect(await at('main')).toEqual([next, '{}']);
  expect(await at(next)).toEqual([next, '{}']);
  expect(await at(commit)).toEqual([commit, config]);
  expect(await at('v1.0')).toEqual([commit, config]);
  const again = hub.publish(repository, { 'config.json': '{}', 'onnx/model.onnx': 'new' });
  expect(again).not.toBe(next);
});

test('what is not there and what is not allowed have error codes', async ({ hub, files, commit }) => {
  const refusal = async (path: string, token?: string) => {
    const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const received = await receive(hub.url + path, { headers });
    return [received.status, received.headers['x-error-code']];
  };
  const path = `/${repository}/resolve/main/config.json`;
  expect(await refusal('/insitu/none/resolve/main/config.json')).toEqual([404, 'RepoNotFound']);
  expect(await refusal(`/${repository}/resolve/none/config.json`)).toEqual([404, 'RevisionNotFound']);
  expect(await refusal(`/${repository}/resolve/main/none.json`)).toEqual([404, 'EntryNotFound']);
  expect((await receive(`${files}/none.json`)).headers['x-repo-commit']).toBe(commit);
  expect(await refusal(path)).toEqual([200, undefined]);
  hub.gate(repository, 'secret');
  for (const gated of [path, `/api/models/${repository}/tree/main`]) {
    expect(await refusal(gated)).toEqual([401, 'GatedRepo']);
    expect(await refusal(gated, 'wrong')).toEqual([403, 'GatedRepo']);
    expect(await refusal(gated, 'secret')).toEqual([200, undefined]);
  }
  expect(hub.log.slice(-3).map(({ headers }) => headers.authorization)).toEqual([false, true, true]);
});

test('preflights are allowed by the Hub, and refused by the CDN', async ({ hub, files }) => {
  const preflight = (url: string) =>
    receive(url, {
      method: 'OPTIONS',
      headers: { 'Access-Control-Request-Headers': 'if-none-match,authorization' },
    });
  const allowed = await preflight(`${files}/config.json`);
  expect(allowed.status).toBe(204);
  expect(allowed.headers['access-control-allow-headers']).toBe('if-none-match,authorization');
  const { location = '' } = (await receive(`${files}/onnx/model.onnx`)).headers;
  const refused = await preflight(location);
  expect(refused.status).toBe(403);
  expect(refused.headers['access-control-allow-headers']).toBeUndefined();
  expect(hub.log.map(({ step }) => step)).toEqual(['preflight', 'redirect', 'preflight']);
});

test.describe('as an option', () => {
  test.use({
    hubOptions: {
      gzip: true,
      resolveCache: true,
      hidesUnknown: true,
      cdnAllowsPreflight: true,
      isLfs: (path) => path === 'config.json',
    },
  });

  test('small files are compressed, and then have no ranges', async ({ hub, files }) => {
    const headers = { 'Accept-Encoding': 'gzip, deflate' };
    const url = `${files}/onnx/model.onnx`;
    const compressed = await follow(url, { headers: { ...headers, Range: 'bytes=0-9' } });
    expect(compressed.status).toBe(200);
    expect(gunzipSync(compressed.bytes).equals(weights)).toBe(true);
    expect(compressed.headers).toMatchObject({ 'content-encoding': 'gzip', etag: `W/"${gitHash(weights)}"` });
    expect(compressed.headers['accept-ranges']).toBeUndefined();
    const { etag = '' } = compressed.headers;
    expect((await follow(url, { headers: { ...headers, 'If-None-Match': etag } })).status).toBe(304);

    const plain = await follow(url, { headers: { 'Accept-Encoding': 'gzip;q=0, identity', Range: 'bytes=0-9' } });
    expect([plain.status, plain.headers.etag]).toEqual([206, `"${gitHash(weights)}"`]);
    expect(hub.sentTwice('model.onnx')).toBe(0);
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(weights)).toBe(true);
  });

  test('small files take a way over the cache, and which files are large is chosen', async ({ hub, files, commit }) => {
    const redirect = await receive(`${files}/onnx/model.onnx`);
    expect([redirect.status, redirect.headers['x-repo-commit']]).toEqual([307, commit]);
    expect(redirect.headers.location).toMatch(/^\/api\/resolve-cache\/models\/insitu\/tiny\//);
    expect((await receive(`${files}/config.json`)).headers.location).toContain(hub.cdnUrl);
    const { status, headers } = await follow(`${files}/onnx/model.onnx`);
    expect([status, headers['x-repo-commit'], headers.etag]).toEqual([200, commit, `"${gitHash(weights)}"`]);
  });

  test('unknown repositories look like private ones, and the CDN allows preflights', async ({ hub }) => {
    const url = `${hub.url}/insitu/none/resolve/main/config.json`;
    expect((await receive(url)).status).toBe(401);
    expect((await receive(url, { headers: { Authorization: 'Bearer any' } })).status).toBe(404);
    expect((await receive(`${hub.cdnUrl}/any`, { method: 'OPTIONS' })).status).toBe(204);
  });
});
