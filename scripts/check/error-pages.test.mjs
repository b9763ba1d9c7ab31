// @ts-check
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const repository = new URL('../../', import.meta.url);
const folder = new URL('docs/errors/', repository);
const index = 'README.md';

/** @param {string} file */
const textOf = (file) => readFileSync(new URL(file, folder), 'utf8');

/** The members of the union, in its order. An error's `help` is the address of the page of its code. */
function readCodes() {
  const source = readFileSync(new URL('src/errors/insitu-error.ts', repository), 'utf8');
  const [, union = ''] = /^export type ErrorCode =([^;]*);/m.exec(source) ?? [];
  return [...union.matchAll(/'([^']+)'/g)].map(([, code]) => String(code));
}

/** @param {string} text Without its fenced code, in which `](` is no link. */
const linksOf = (text) =>
  [...text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => String(target));

const codes = readCodes();
const pages = readdirSync(folder).filter((file) => file !== index);

it('finds the codes', () => {
  expect(codes).toContain('OPTION_INVALID');
  expect(codes).toContain('INTERNAL');
});

describe.each(codes)('%s', (code) => {
  it('has a page whose first heading is the code', () => {
    expect(pages).toContain(`${code}.md`);
    expect(textOf(`${code}.md`).split('\n')[0]).toBe(`# ${code}`);
  });

  it('has one row in the index, which links to its page', () => {
    const rows = textOf(index)
      .split('\n')
      .filter((line) => line.startsWith(`| [${code}](${code}.md) `));
    expect(rows).toHaveLength(1);
  });
});

it('there are no pages and no rows for other codes', () => {
  expect(new Set(pages)).toEqual(new Set(codes.map((code) => `${code}.md`)));
  const listed = [...textOf(index).matchAll(/^\| \[([^\]]+)\]/gm)].map(([, code]) => code);
  expect(new Set(listed)).toEqual(new Set(codes));
});

it.each([index, ...pages])('the links of %s lead to files', (file) => {
  const links = linksOf(textOf(file)).filter((target) => !/^[a-z]+:/i.test(target));
  // Every page names related codes.
  expect(links).not.toEqual([]);
  const dead = links.filter((target) => !existsSync(fileURLToPath(new URL(target, new URL(file, folder)))));
  expect(dead).toEqual([]);
});
