// @ts-check
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorkplace } from '../../support/command-context.mjs';
import { commit, makeBytes } from '../../support/fake-hub.mjs';
import { describeFiles } from '../model/file-differences.mjs';
import { createManifest, writeManifest } from '../model/manifest.mjs';
import { verifyCommand } from './verify.mjs';

/** @type {import('../../support/command-context.mjs').Workplace} */
let workplace;
let model = '';

beforeEach(async () => {
  workplace = await createWorkplace();
  model = path.join(workplace.directory, 'models/org/name');
  await mkdir(path.join(model, 'onnx'), { recursive: true });
  await writeFile(path.join(model, 'config.json'), '{}');
  await writeFile(path.join(model, 'onnx/model.onnx'), makeBytes(5000));
  await record({ revision: commit });
});
afterEach(() => workplace.remove());

async function record(extra = {}) {
  const files = await describeFiles(model, ['config.json', 'onnx/model.onnx']);
  await writeManifest(model, createManifest({ model: 'org/name', files, ...extra }));
}

const verify = () => verifyCommand.run(['models/org/name'], {}, workplace.context);

test('a model that is right', async () => {
  expect(await verify()).toBe(0);
  expect(workplace.output()).toBe('org/name: 2 files, 5.0 kB, all right.\n');
});

test('files that are not in the manifest are named and no failure', async () => {
  await writeFile(path.join(model, 'notes.md'), 'mine');
  await writeFile(path.join(model, 'onnx/other.onnx.part'), '');
  expect(await verify()).toBe(0);
  expect(workplace.output()).toContain('Not in the manifest:\n  notes.md\n  onnx/other.onnx.part\n');
});

test('a flipped byte and a missing file', async () => {
  const bytes = makeBytes(5000);
  bytes[4000] = 255;
  await writeFile(path.join(model, 'onnx/model.onnx'), bytes);
  await rm(path.join(model, 'config.json'));
  const failure = verify();
  await expect(failure).rejects.toThrow('models/org/name is not as its manifest.json says: 2 of 2 files.');
  await expect(failure).rejects.toThrow(/ {2}config.json\n {4}expected {2}2 bytes, sha256 \w+\n {4}actual {4}missing/);
  await expect(failure).rejects.toThrow(/ {2}onnx\/model.onnx\n {4}expected {2}5000 bytes.*\n {4}actual {4}5000 bytes/);
  await expect(failure).rejects.toThrow(`"npx insitu pull org/name@${commit} --out models" fetches only these files.`);
});

test('a longer file', async () => {
  await appendFile(path.join(model, 'config.json'), ' ');
  await expect(verify()).rejects.toThrow('actual    3 bytes');
});

test('what made the folder is not guessed where the manifest does not tell', async () => {
  await record();
  await rm(path.join(model, 'config.json'));
  await expect(verify()).rejects.toThrow('Run again what made the folder: "npx insitu pull" fetches only these files.');
});

test('a folder that is none, or has no manifest', async () => {
  await rm(path.join(model, 'manifest.json'));
  await expect(verify()).rejects.toThrow('models/org/name has no manifest.json that lists its files.');
  await rm(model, { recursive: true });
  await expect(verify()).rejects.toThrow('models/org/name is not a folder.');
});
