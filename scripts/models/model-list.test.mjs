// @ts-check
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { buildSteps } from './build-steps.mjs';
import { parseModelList, readModelList } from './model-list.mjs';

const source = { package: 'some-package', version: '1.2.3', integrity: `sha512-${'A'.repeat(86)}==` };
const file = { path: 'onnx/model_quantized.onnx', size: 3, sha256: 'a'.repeat(64) };
const entry = { id: 'organisation/name', task: 'feature-extraction', licence: 'MIT', source, files: [file] };

test('a right list comes back as it is', () => {
  expect(parseModelList([{ ...entry, build: 'step' }])).toEqual([{ ...entry, build: 'step' }]);
  expect(parseModelList([entry])).toEqual([entry]);
  const { source: _, ...withoutSource } = { ...entry, build: 'step' };
  expect(parseModelList([withoutSource])).toEqual([withoutSource]);
});

test.each([
  ['models must be a list', {}],
  ['models must be a list that is not empty', []],
  ['models[0] must be an object', [null]],
  ['models[0].id must be "organisation/name", not "../name"', [{ ...entry, id: '../name' }]],
  ['models[0] has unknown keys: license', [{ ...entry, license: 'MIT' }]],
  ['models[0].licence must be text, not undefined', [{ ...entry, licence: undefined }]],
  ['models[0].build must be text, not 1', [{ ...entry, build: 1 }]],
  ['models[0] must have a source, a build or both', [{ ...entry, source: undefined }]],
  ['models has organisation/name more than once', [entry, entry]],
  [
    'models[0].source.version must be an exact version, not "^1.2.3"',
    [{ ...entry, source: { ...source, version: '^1.2.3' } }],
  ],
  ['models[0].source.package must be the name', [{ ...entry, source: { ...source, package: '--registry' } }]],
  ['models[0].source.integrity must be "sha512-"', [{ ...entry, source: { ...source, integrity: 'sha1-AAAA' } }]],
  ['models[0].files must be a list that is not empty', [{ ...entry, files: [] }]],
  ['models[0].files has onnx/model_quantized.onnx more than once', [{ ...entry, files: [file, file] }]],
  ['models[0].files[1].size must be a number of bytes, not 0', [{ ...entry, files: [file, { ...file, size: 0 }] }]],
  ['models[0].files[0].sha256 must be 64', [{ ...entry, files: [{ ...file, sha256: 'A'.repeat(64) }] }]],
  ['models[0].files[0].path must be a relative path', [{ ...entry, files: [{ ...file, path: '../secret' }] }]],
  ['models[0].files[0].path must be a relative path', [{ ...entry, files: [{ ...file, path: '/secret' }] }]],
])('%s', (message, list) => {
  expect(() => parseModelList(list)).toThrow(message);
});

test('a list that cannot be read is named', async () => {
  const missing = path.join(os.tmpdir(), 'no-such-models.json');
  await expect(readModelList(missing)).rejects.toThrow(`${missing} cannot be read`);
});

test("the project's own list is right and names build steps that exist", async () => {
  const entries = await readModelList(fileURLToPath(new URL('../../models.json', import.meta.url)));
  expect(entries.filter(({ build }) => build !== undefined && !Object.hasOwn(buildSteps, build))).toEqual([]);
});
