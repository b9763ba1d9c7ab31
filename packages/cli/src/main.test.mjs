// @ts-check
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createWorkplace } from '../support/command-context.mjs';
import { commit, modelId, sha256, startFakeHub } from '../support/fake-hub.mjs';
import { startSite } from '../support/site.mjs';

const program = fileURLToPath(new URL('../../../bin/insitu.mjs', import.meta.url));

/** @type {import('../support/command-context.mjs').Workplace} */
let workplace;
/** @type {import('../support/fake-hub.mjs').FakeHub} */
let hub;

beforeEach(async () => {
  workplace = await createWorkplace();
  hub = await startFakeHub();
});
afterEach(async () => {
  await hub.close();
  await workplace.remove();
});

/** @param {string[]} programArguments @param {Record<string, string>} [environment] */
function start(programArguments, environment = {}) {
  const { DEBUG: _, HF_TOKEN: __, ...inherited } = process.env;
  const env = { ...inherited, ...environment };
  const child = spawn(process.execPath, [program, ...programArguments], { cwd: workplace.directory, env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  /** @type {Promise<{ code: number | null, stdout: string, stderr: string }>} */
  const ended = new Promise((resolve) => void child.once('close', (code) => resolve({ code, stdout, stderr })));
  return { child, ended };
}

/** @param {string[]} programArguments @param {Record<string, string>} [environment] */
const insitu = (programArguments, environment) => start(programArguments, environment).ended;

const pull = () => ['pull', modelId, '--host', hub.url];

test('help and version', async () => {
  const help = await insitu(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toMatch(/^Usage: insitu <command>\n/);
  for (const name of ['pull', 'verify', 'pack', 'doctor']) {
    expect(help.stdout).toContain(`  insitu ${name} `);
    const own = await insitu([name, '--help']);
    expect(own.code).toBe(0);
    expect(own.stdout).toMatch(new RegExp(`^Usage: insitu ${name} <`));
    expect(own.stdout.split('\n').every((line) => line.length <= 96)).toBe(true);
  }
  expect((await insitu(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.each([
  [[], 'Usage: insitu <command>'],
  [['pul'], 'There is no command "pul". There are pull, verify, pack, doctor'],
  [['pull'], '<ref> is missing. "insitu pull --help" tells how it is used.'],
  [['pull', 'a', 'b'], 'Only one <ref> is taken; there were "a", "b".'],
  [['pull', 'a/b', '--dtpye', 'q8'], 'Unknown option \'--dtpye\'. "insitu pull --help" tells how it is used.\n'],
  [['pull', 'a/b', '--dtype', 'q9'], '--dtype takes one of q8,'],
  [['pull', 'a/b', '--host', 'hub'], '--host takes a URL such as https://huggingface.co; it was "hub".'],
  [['pull', 'a/b/c'], '"a/b/c" is not a model reference.'],
  [['doctor', 'here'], '<url> takes a URL such as'],
])('%j means nothing', async (programArguments, message) => {
  const { code, stdout, stderr } = await insitu(programArguments);
  expect(stderr).toContain(message);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('a model is pulled, verified and packed', async () => {
  const pulled = await insitu(pull());
  expect(pulled).toMatchObject({ code: 0 });
  expect(pulled.stdout).toContain("await pipeline('…', '/models/org/name/')");
  expect(pulled.stderr).not.toContain('\u001b');
  expect(await insitu(['verify', 'public/models/org/name'])).toMatchObject({ code: 0, stderr: '' });
  expect(await insitu(['pack', 'public/models/org/name'])).toMatchObject({ code: 0, stderr: '' });
  expect((await stat(path.join(workplace.directory, 'name.insitu.tar'))).size).toBeGreaterThan(1_000_000);
});

test('failures are shown without a stack, unless that is asked for', async () => {
  const failed = await insitu(['verify', 'nowhere']);
  expect(failed).toEqual({ code: 1, stdout: '', stderr: 'nowhere is not a folder.\n' });
  expect((await insitu(['verify', 'nowhere'], { DEBUG: '1' })).stderr).toContain('\n    at ');
});

test('Ctrl+C leaves what has arrived, and the next run goes on from there', async () => {
  const graph = 'onnx/model_quantized.onnx';
  const bytes = hub.files.get(graph) ?? Buffer.alloc(0);
  hub.intercept = (_, response, file) => {
    if (file !== graph) return false;
    response.writeHead(200, { 'Content-Length': bytes.length, ETag: `"${sha256(bytes).slice(0, 16)}"` });
    response.write(bytes.subarray(0, 600_000));
    return true;
  };
  const part = path.join(workplace.directory, `public/models/${modelId}/${graph}.part`);
  const { child, ended } = start(pull());
  await vi.waitFor(async () => expect((await stat(part)).size).toBe(600_000), { timeout: 10_000 });
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  expect(stderr).toMatch(/Interrupted. Run this again to continue.\n$/);
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });

  hub.intercept = () => false;
  expect(await insitu(pull())).toMatchObject({ code: 0 });
  expect(hub.rangesOf(graph)).toEqual(['all', 'bytes=600000-']);
  const manifest = JSON.parse(String(await workplace.read(`public/models/${modelId}/manifest.json`)));
  expect(manifest).toMatchObject({ model: modelId, revision: commit });
  expect((await workplace.list('public')).filter((file) => file.includes('.part'))).toEqual([]);
});

describe('doctor', () => {
  test('tells by its exit code whether something is wrong', async () => {
    const site = await startSite();
    try {
      expect(await insitu(['doctor', `${site.url}/`])).toMatchObject({ code: 0, stderr: '' });
      site.files.delete('/dist/runtime.js');
      const { code, stdout } = await insitu(['doctor', `${site.url}/`, '--json']);
      expect(code).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({ failures: 1, warnings: 0 });
    } finally {
      await site.close();
    }
  });
});
