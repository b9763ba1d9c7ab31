// @ts-check
import { readdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManifest, parseManifest, readManifest, writeManifest } from './manifest.mjs';

const sha256 = 'a'.repeat(64);
const file = { path: 'onnx/model.onnx', size: 3, sha256 };
const valid = { format: 'insitu-model-1', model: 'org/name', revision: 'b'.repeat(40), files: [file] };

let directory = '';
beforeEach(async () => void (directory = await mkdtemp(path.join(tmpdir(), 'manifest-'))));
afterEach(() => rm(directory, { recursive: true, force: true }));

test('a manifest that was written is read', async () => {
  expect(await readManifest(directory)).toBeUndefined();
  const manifest = createManifest({ model: 'org/name', files: [file, { path: 'a.json', size: 0, sha256 }] });
  await writeManifest(directory, manifest);
  expect(await readManifest(directory)).toEqual(manifest);
  expect(manifest.files.map((each) => each.path)).toEqual(['a.json', 'onnx/model.onnx']);
  expect(manifest).not.toHaveProperty('revision');
  expect(await readdir(directory)).toEqual(['manifest.json']);
});

test('keys of later versions are no mistake', () => {
  expect(parseManifest(JSON.stringify({ ...valid, task: 'fill-mask' }), 'manifest.json')).toEqual(valid);
});

test('JSON that is something else is no manifest', async () => {
  for (const content of ['null', '[]', '{}', '{"format":1}', '{"name":"The app"}']) {
    await writeFile(path.join(directory, 'manifest.json'), content);
    expect(await readManifest(directory)).toBeUndefined();
  }
});

/** @type {[string, unknown][]} */
const faults = [
  ['manifest.json has the format insitu-model-2', { ...valid, format: 'insitu-model-2' }],
  ['manifest.json: model must be text, not 1', { ...valid, model: 1 }],
  ['manifest.json: revision must be a commit', { ...valid, revision: 'main' }],
  ['manifest.json: files must be a list that is not empty', { ...valid, files: [] }],
  ['manifest.json: files has onnx/model.onnx more than once', { ...valid, files: [file, file] }],
  ['manifest.json: files[0] must be an object', { ...valid, files: [null] }],
  ['manifest.json: files[0].size must be a number of bytes, not -1', { ...valid, files: [{ ...file, size: -1 }] }],
  ['manifest.json: files[0].sha256 must be 64 lower-case', { ...valid, files: [{ ...file, sha256: 'A'.repeat(64) }] }],
];

test.each(faults)('%s', (message, value) => {
  expect(() => parseManifest(JSON.stringify(value), 'manifest.json')).toThrow(message);
});

test('what is not JSON', () => {
  expect(() => parseManifest('{', 'manifest.json')).toThrow('manifest.json is not JSON: ');
});

test.each(['../a', '/a', 'a//b', 'a/./b', 'a\\b', 'C:a', 'a\n', ''])('%j is no path inside a model', (name) => {
  const content = JSON.stringify({ ...valid, files: [{ ...file, path: name }] });
  expect(() => parseManifest(content, 'manifest.json')).toThrow(
    `files[0].path must be a path inside the model's folder, not ${JSON.stringify(name)}`,
  );
});
