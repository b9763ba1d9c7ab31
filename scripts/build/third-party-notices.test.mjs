// @ts-check
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundledPackages, noticesFor, packageNamesOf } from './third-party-notices.mjs';

const project = mkdtempSync(join(tmpdir(), 'insitu-notices-'));
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** @param {string} name @param {Record<string, unknown>} description @param {Record<string, string>} [files] */
function install(name, description, files = {}) {
  const folder = join(project, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', ...description }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
}

describe('packageNamesOf', () => {
  it('names each package once, the innermost one of nested packages, and none for own files', () => {
    expect(
      packageNamesOf([
        '/project/build/client/index.js',
        '/project/node_modules/comlink/dist/a.mjs',
        '/project/node_modules/comlink/dist/b.mjs',
        '/project/node_modules/@scope/outer/node_modules/inner/index.js',
        'C:\\project\\node_modules\\@scope\\name\\index.js',
      ]),
    ).toEqual(['@scope/name', 'comlink', 'inner']);
  });
});

describe('noticesFor', () => {
  it('gives name, version, licence and the text of the licence file', () => {
    install('plain', { license: 'ISC' }, { LICENCE: 'Do as you like.' });
    expect(noticesFor(['plain'], project)).toContain('## plain 1.2.3 (ISC)\n\n```text\nDo as you like.\n```');
  });

  it('keeps a NOTICE file, as Apache-2.0 demands', () => {
    install('noticed', { license: 'Apache-2.0' }, { 'LICENSE.txt': 'Apache.', NOTICE: 'Made by us.' });
    expect(noticesFor(['noticed'], project)).toContain('Apache.\nMade by us.');
  });

  it('prints a text that packages share once', () => {
    install('first', { license: 'ISC' }, { LICENSE: 'Shared  text.\n' });
    install('second', { license: 'ISC' }, { LICENSE: 'Shared text.' });
    const notices = noticesFor(['second', 'first'], project);
    expect(notices).toContain('## first 1.2.3 (ISC), second 1.2.3 (ISC)');
    expect(notices.match(/Shared/g)).toHaveLength(1);
  });

  it('writes the MIT text with the author where the package ships none', () => {
    install('bare', { license: 'MIT', author: { name: 'Ada' } });
    expect(noticesFor(['bare'], project)).toMatch(/Copyright \(c\) Ada\n\nPermission is hereby granted/);
  });

  it.each([
    ['another licence without a text', { license: 'Zlib', author: 'Ada' }],
    ['the MIT licence without an author', { license: 'MIT' }],
    ['no licence', {}],
  ])('refuses a package with %s', (_, description) => {
    install('refused', description);
    expect(() => noticesFor(['refused'], project)).toThrow(/refused/);
  });

  it('refuses a package that is not installed', () => {
    expect(() => noticesFor(['absent-package'], project)).toThrow('absent-package is not installed');
  });

  it('covers what our bundles contain, with what is inside of those packages', () => {
    const notices = noticesFor(bundledPackages);
    for (const name of [...bundledPackages, '@huggingface/jinja', '@huggingface/tokenizers', 'onnxruntime-common']) {
      expect(notices).toMatch(new RegExp(`^## .*${name} \\d`, 'm'));
    }
    expect(notices).toContain('Copyright (c) Microsoft Corporation');
  });
});
