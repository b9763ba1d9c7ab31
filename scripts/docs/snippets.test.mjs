// @ts-check
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { snippetOf } from './snippet.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const pages = join(repository, 'docs/tasks');
const folder = mkdtempSync(join(tmpdir(), 'insitu-snippets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const compilerOptions = {
  noEmit: true,
  // As `npm create vite` sets it up.
  noUncheckedIndexedAccess: false,
  lib: ['es2022', 'esnext.disposable', 'dom', 'dom.iterable', 'dom.asynciterable'],
  paths: { insitu: [join(repository, 'src/index.ts')] },
};

/** @param {string[]} files Below the folder. */
function compile(files) {
  const config = { extends: join(repository, 'tsconfig.json'), compilerOptions, files };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const compiler = join(repository, 'node_modules/.bin/tsc');
  return spawnSync(compiler, ['-p', folder, '--pretty', 'false'], { encoding: 'utf8' }).stdout;
}

it('the snippets of all pages compile against the public types', { timeout: 120_000 }, () => {
  const names = readdirSync(pages).filter((file) => file !== 'README.md');
  const files = names.map((name) => name.replace('.md', '.ts'));
  for (const [index, file] of files.entries()) {
    writeFileSync(join(folder, file), snippetOf(readFileSync(join(pages, names[index] ?? ''), 'utf8')));
  }
  expect(compile(files)).toBe('');
  // The control: a word that the types do not know is found.
  writeFileSync(join(folder, 'wrong.ts'), snippetOf("```ts\nimport { pipelin } from 'insitu';\nvoid pipelin;\n```\n"));
  expect(compile(['wrong.ts'])).toContain('pipelin');
});
