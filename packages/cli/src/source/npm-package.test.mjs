// @ts-check
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { npmRegistry } from './npm-package.mjs';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'npm-package-'));
  vi.stubEnv('PATH', `${directory}${path.delimiter}${process.env['PATH']}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});

const { signal } = new AbortController();
const integrity = `sha512-${'A'.repeat(86)}==`;

/** An npm that says this. @param {string} script */
async function installNpm(script) {
  await writeFile(path.join(directory, 'npm'), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(directory, 'npm'), 0o755);
}

/** @param {string[]} versions */
const answer = (...versions) => {
  const found = versions.map((version) => ({ version, 'dist.integrity': integrity }));
  return `echo '${JSON.stringify(found.length === 1 ? found[0] : found)}'`;
};

test('a version is what npm says', async () => {
  await installNpm(answer('1.2.3'));
  const source = await npmRegistry.resolve('name', 'latest', signal);
  expect(source).toEqual({ package: 'name', version: '1.2.3', integrity });
});

test('of several versions it is the highest', async () => {
  await installNpm(answer('1.9.0', '1.10.0', '1.2.0'));
  expect(await npmRegistry.resolve('name', '1', signal)).toMatchObject({ version: '1.10.0' });
});

test('a package that is not there, and a registry that is not', async () => {
  await installNpm('echo "npm error code E404" >&2; exit 1');
  await expect(npmRegistry.resolve('name', '9', signal)).rejects.toThrow('The npm registry has no name@9.');
  await installNpm('echo "npm error code ENOTFOUND" >&2; exit 1');
  await expect(npmRegistry.resolve('name', '9', signal)).rejects.toThrow(
    'name@9 could not be looked up: npm ended with code 1.\nnpm error code ENOTFOUND\nCheck that npm reaches its registry.',
  );
});

test('a package without a hash of today is refused', async () => {
  await installNpm(`echo '{"version":"1.0.0","dist.integrity":"sha1-AAAA"}'`);
  await expect(npmRegistry.resolve('name', '1', signal)).rejects.toThrow('name@1: dist.integrity must be "sha512-"');
});

test('npm ends when it is interrupted', async () => {
  await installNpm('exec sleep 60');
  const interrupted = new AbortController();
  const resolving = npmRegistry.resolve('name', '1', interrupted.signal);
  interrupted.abort(new Error('Ctrl+C'));
  await expect(resolving).rejects.toThrow('Ctrl+C');
});
