// @ts-check
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const layers = ['errors', 'sound', 'protocol', 'media', 'client', 'worker', 'pipeline', 'runtime', 'weights'];
const packages = [
  'idb-keyval',
  'hash-wasm',
  'modern-tar',
  'wasm-feature-detect',
  'onnxruntime-web',
  '@huggingface/transformers',
];

/**
 * What each layer may import, as CONTRIBUTING.md has it. This table is written by hand, not derived from the lint configuration,
 * so that the two have to agree.
 *
 * @type {Record<string, { values: string[], types: string[], packages: string[] }>}
 */
const allowed = {
  errors: { values: [], types: [], packages: [] },
  sound: { values: [], types: [], packages: [] },
  protocol: { values: ['errors'], types: [], packages: [] },
  media: { values: ['errors', 'sound'], types: ['protocol'], packages: [] },
  client: { values: ['protocol', 'media', 'errors'], types: [], packages: [] },
  worker: {
    values: ['pipeline', 'runtime', 'weights', 'protocol', 'errors'],
    types: [],
    packages: [],
  },
  pipeline: { values: ['errors', 'protocol', 'sound'], types: ['runtime', 'weights'], packages: [] },
  runtime: {
    values: ['errors'],
    types: ['protocol'],
    packages: ['onnxruntime-web', '@huggingface/transformers', 'wasm-feature-detect'],
  },
  weights: { values: ['protocol', 'errors'], types: [], packages: ['idb-keyval', 'hash-wasm', 'modern-tar'] },
};

/** @typedef {{ path: string, source: string, refusedBy: string | undefined }} Fixture */

/** @type {Fixture[]} */
const fixtures = [];

const restricted = 'eslint(no-restricted-imports)';

/** @param {string} folder @param {string} source @param {string | undefined} refusedBy @param {string} [extension] */
function add(folder, source, refusedBy, extension = 'ts') {
  fixtures.push({ path: `${folder}/fixture-${fixtures.length}.${extension}`, source, refusedBy });
}

for (const layer of layers) {
  const { values, types, packages: allowedPackages } = /** @type {typeof allowed[string]} */ (allowed[layer]);
  for (const target of layers.filter((name) => name !== layer)) {
    const valueRefused = values.includes(target) ? undefined : restricted;
    const typeRefused = values.includes(target) || types.includes(target) ? undefined : restricted;
    add(`src/${layer}`, `import { x } from '../${target}/x.ts';\nx();`, valueRefused);
    add(`src/${layer}/deep`, `import { x } from '../../${target}/x.ts';\nx();`, valueRefused);
    add(`src/${layer}`, `export * from '../${target}/x.ts';`, valueRefused);
    add(`src/${layer}`, `export const x = await import('../${target}/x.ts');`, valueRefused);
    add(`src/${layer}`, `import type { X } from '../${target}/x.ts';\nexport type Y = X;`, typeRefused);
    add(`src/${layer}/deep`, `export type { X } from '../../${target}/x.ts';`, typeRefused);
  }
  for (const name of [...packages, 'node:fs', 'vitest', 'insitu']) {
    add(`src/${layer}`, `import { x } from '${name}';\nx();`, allowedPackages.includes(name) ? undefined : restricted);
  }
  add(`src/${layer}`, `import { x } from './x.ts';\nx();`, undefined);
  add(`src/${layer}`, `import { x } from './deep/x.ts';\nx();`, undefined);
  add(`src/${layer}`, `import { x } from './../index.ts';\nx();`, restricted);
  add(`src/${layer}/deep`, `import { x } from '../x.ts';\nx();`, undefined);
  add(`src/${layer}`, `import { x } from '../index.ts';\nx();`, restricted);
  add(`src/${layer}`, `export default 1;`, 'import(no-default-export)');
  add(`src/${layer}`, `export const x = (value: any) => String(value);`, 'typescript(no-explicit-any)');
  add(`src/${layer}`, `export type X = import('../index.ts').X;`, 'typescript(consistent-type-imports)');
}

for (const target of layers) {
  const refused = ['client', 'protocol', 'errors'].includes(target) ? undefined : restricted;
  add('src', `export { x } from './${target}/x.ts';`, refused);
}
add('src', `import { x } from 'idb-keyval';\nx();`, restricted);
add('src/undrawn', `import { x } from '../errors/x.ts';\nx();`, restricted);
add('src/errors', `import { a } from './cycle.ts';\nexport const b = () => a;`, 'import(no-cycle)');
fixtures.push({
  path: 'src/errors/cycle.ts',
  source: `import { b } from './fixture-${fixtures.length - 1}.ts';\nexport const a = () => b;`,
  refusedBy: 'import(no-cycle)',
});
add('src/errors', 'export const x = 1;' + '\n'.repeat(301), 'eslint(max-lines)');
add('src/errors', 'export const x = 1;' + '\n'.repeat(300), undefined);

add('demos/chat', `import { x } from 'insitu';\nx();`, undefined, 'js');
add('demos/chat', `import { x } from 'insitu/draw';\nx();`, undefined, 'js');
add('demos/chat', `import { x } from './view.js';\nx();`, undefined, 'js');
add('demos/chat', `import { x } from 'idb-keyval';\nx();`, restricted, 'js');
add('demos/chat', `import { x } from 'insitu/worker';\nx();`, restricted, 'js');
for (const outside of ['demos/chat', 'e2e/fixtures', 'packages/react']) {
  add(outside, `import { x } from '../../src/index.ts';\nx();`, restricted);
  add(outside, `import { x } from '../../src/client/x.ts';\nx();`, restricted);
  add(outside, `import { x } from 'insitu/dist/worker.js';\nx();`, restricted);
  add(outside, `import { x } from 'insitu';\nx();`, undefined);
  add(outside, `import { x } from 'insitu/draw';\nx();`, undefined);
}
add('packages/react/src', `import { x } from '../../../src/client/x.ts';\nx();`, restricted);
add('e2e', `import { x } from '@playwright/test';\nx();`, undefined, 'mjs');

/** @type {string} */
let directory;
/** @type {Map<string, Set<string>>} Codes that were reported, by file. */
const reported = new Map();

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'insitu-layers-'));
  cpSync(join(repository, '.oxlintrc.json'), join(directory, '.oxlintrc.json'));
  for (const { path, source } of fixtures) {
    mkdirSync(join(directory, dirname(path)), { recursive: true });
    writeFileSync(join(directory, path), source);
  }
  const oxlint = join(repository, 'node_modules/oxlint/bin/oxlint');
  const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '--format=json'], {
    cwd: directory,
    encoding: 'utf8',
  });
  if (!stdout.startsWith('{')) throw new Error(`oxlint did not lint: ${stdout}${stderr}`);
  for (const { filename, code } of JSON.parse(stdout).diagnostics) {
    const codes = reported.get(filename) ?? new Set();
    reported.set(filename, codes.add(code));
  }
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each([...layers.map((layer) => `src/${layer}`), 'src', 'src/undrawn', 'demos', 'e2e', 'packages'])(
  '%s',
  (folder) => {
    const inFolder = fixtures.filter(({ path }) =>
      folder === 'src' ? dirname(path) === 'src' : path.startsWith(`${folder}/`),
    );

    /** @param {Fixture} fixture */
    const explain = ({ path, source }) =>
      `${path}: ${source.trim()} -> ${[...(reported.get(path) ?? [])].join() || 'accepted'}`;

    it('refuses what the design forbids', () => {
      const forbidden = inFolder.filter(({ refusedBy }) => refusedBy);
      expect(forbidden).not.toEqual([]);
      expect(forbidden.filter(({ path, refusedBy }) => !reported.get(path)?.has(refusedBy ?? '')).map(explain)).toEqual(
        [],
      );
    });

    it('accepts what the design allows', () => {
      const drawn = inFolder.filter(({ refusedBy }) => !refusedBy);
      expect(drawn.filter(({ path }) => reported.has(path)).map(explain)).toEqual([]);
    });
  },
);
