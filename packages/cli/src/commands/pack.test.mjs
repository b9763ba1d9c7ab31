// @ts-check
import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { unpackTar } from 'modern-tar';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorkplace } from '../../support/command-context.mjs';
import { commit, makeBytes, sha256 } from '../../support/fake-hub.mjs';
import { describeFiles } from '../model/file-differences.mjs';
import { createManifest, writeManifest } from '../model/manifest.mjs';
import { packCommand } from './pack.mjs';

const longName = `${'a'.repeat(90)}/${'b'.repeat(120)}.json`;
const contents = new Map([
  ['config.json', Buffer.from('{}')],
  ['onnx/model.onnx', makeBytes(3_000_001)],
  ['empty.txt', Buffer.alloc(0)],
  [longName, Buffer.from('long')],
]);

/** @type {import('../../support/command-context.mjs').Workplace} */
let workplace;
let model = '';

beforeEach(async () => {
  workplace = await createWorkplace();
  model = path.join(workplace.directory, 'org/name');
  for (const [file, bytes] of contents) {
    await mkdir(path.dirname(path.join(model, file)), { recursive: true });
    await writeFile(path.join(model, file), bytes);
  }
  const files = await describeFiles(model, [...contents.keys()]);
  await writeManifest(model, createManifest({ model: 'org/name', revision: commit, files }));
});
afterEach(() => workplace.remove());

/** @param {Record<string, string>} [values] */
const pack = (values = {}) => packCommand.run(['org/name'], values, workplace.context);

const expectedOrder = ['manifest.json', ...[...contents.keys()].sort()];

test('a pack has the manifest first and then the files, for every reader', async () => {
  expect(await pack()).toBe(0);
  expect(workplace.output()).toBe('name.insitu.tar: org/name, 4 files, 3.0 MB\n');
  const bytes = await workplace.read('name.insitu.tar');
  const entries = await unpackTar(bytes, { strict: true });
  expect(entries.map(({ header }) => header.name)).toEqual(expectedOrder);
  expect(entries.map(({ header }) => header.mtime?.getTime())).toEqual(expectedOrder.map(() => 0));
  for (const [file, content] of contents) {
    const entry = entries.find(({ header }) => header.name === file);
    expect(sha256(Buffer.from(entry?.data ?? []))).toBe(sha256(content));
  }
  expect(Buffer.from(entries[0]?.data ?? []).toString()).toBe(String(await workplace.read('org/name/manifest.json')));
  const { stdout } = spawnSync('tar', ['-tf', path.join(workplace.directory, 'name.insitu.tar')], { encoding: 'utf8' });
  expect(stdout.trim().split('\n')).toEqual(expectedOrder);
});

test('the same files give the same bytes, whenever they were written and wherever', async () => {
  await pack({ out: 'packs/one.tar' });
  await utimes(path.join(model, 'config.json'), 1, 1);
  await pack({ out: 'packs/two.tar' });
  expect(sha256(await workplace.read('packs/one.tar'))).toBe(sha256(await workplace.read('packs/two.tar')));
  expect(await workplace.list('packs')).toEqual(['one.tar', 'two.tar']);
});

test('a folder without a manifest gets one in the pack only', async () => {
  await rm(path.join(model, 'manifest.json'));
  await writeFile(path.join(model, 'onnx/other.onnx.part'), 'unfinished');
  await pack();
  const readModel = async () => {
    const [first] = await unpackTar(await workplace.read('name.insitu.tar'));
    return JSON.parse(Buffer.from(first?.data ?? []).toString());
  };
  expect(await readModel()).toMatchObject({ format: 'insitu-model-1', model: 'org/name' });
  expect((await readModel()).files.map((/** @type {any} */ file) => file.path)).toEqual(expectedOrder.slice(1));
  expect(await workplace.list('org/name')).not.toContain('manifest.json');
  await pack({ model: 'other/name' });
  expect(await readModel()).toMatchObject({ model: 'other/name' });
});

test('what is not as the manifest says is not packed', async () => {
  await appendFile(path.join(model, 'config.json'), ' ');
  await expect(pack()).rejects.toThrow('org/name is not as its manifest.json says: 1 of 4 files.');
  expect(await workplace.list('.')).not.toContain('name.insitu.tar');
});

test('an old pack stays where a new one fails', async () => {
  await pack();
  const before = sha256(await readFile(path.join(workplace.directory, 'name.insitu.tar')));
  const interrupted = new AbortController();
  interrupted.abort();
  await expect(
    packCommand.run(['org/name'], {}, { ...workplace.context, signal: interrupted.signal }),
  ).rejects.toThrow();
  expect(sha256(await workplace.read('name.insitu.tar'))).toBe(before);
  expect(await workplace.list('.')).not.toContain('name.insitu.tar.part');
});

test('a folder that is no model, or another one', async () => {
  await expect(pack({ model: 'other/name' })).rejects.toThrow('which names the model org/name. Leave out --model.');
  await rm(path.join(model, 'manifest.json'));
  await rm(path.join(model, 'config.json'));
  await expect(pack()).rejects.toThrow('org/name has no config.json, so it is no model in Hub layout.');
  await rm(model, { recursive: true });
  await expect(pack()).rejects.toThrow('org/name is not a folder.');
});
