// @ts-check
import { expect, it } from 'vitest';
import { markdownTable } from './markdown-table.mjs';
import { withOptions } from './option-table.mjs';
import { readOptions } from './read-options.mjs';
import { snippetOf } from './snippet.mjs';

const shared = `
export interface SharedOptions {
  /** How many. @default 32 */
  batchSize?: number;
}
`;
const own = `
/** About it. */
export interface CleanOptions extends SharedOptions {
  /**
   * Which of these:
   * it matters.
   * @default 'a'
   */
  kind?: 'a' | 'b';
  bare?: boolean;
}

export interface HouseTaskOptions {
  'clean-windows': CleanOptions;
  rest: Nothing;
}
`;

it('reads names, types, meanings and defaults, those of parents in other files last', () => {
  expect(readOptions([own, shared])).toEqual(
    new Map([
      [
        'clean-windows',
        [
          { name: 'kind', type: "'a' | 'b'", meaning: 'Which of these: it matters.', standard: "'a'" },
          { name: 'bare', type: 'boolean', meaning: '', standard: undefined },
          { name: 'batchSize', type: 'number', meaning: 'How many.', standard: '32' },
        ],
      ],
      ['rest', []],
    ]),
  );
});

it('replaces the table between its marks, and nothing else', () => {
  const page = 'before\n\n<!-- options: npm run docs -->\nold\n<!-- /options -->\n\nafter\n';
  const options = [{ name: 'kind', type: "'a' | 'b'", meaning: 'Which.', standard: 'the first' }];
  const written = withOptions(page, options);
  expect(written).toMatch(/^before\n[^]*\n\nafter\n$/);
  expect(written).toContain("| `kind` | `'a' \\| 'b'` | the first | Which.  |");
  expect(written).not.toContain('old');
  expect(withOptions(written, options)).toBe(written);
  expect(withOptions(page, [])).toContain('None of its own.');
  expect(() => withOptions('no marks', options)).toThrow('A page has no');
});

it('makes columns as wide as their widest cell', () => {
  expect(markdownTable(['a', 'wide'], [['longer', '…']])).toBe(
    '| a      | wide |\n| ------ | ---- |\n| longer | …    |',
  );
});

it('joins the snippets of a page', () => {
  expect(snippetOf('# x\n\n```ts\none();\n```\n\ntext\n\n```sh\nno\n```\n\n```ts\ntwo();\n```\n')).toBe(
    'one();\n\ntwo();\n',
  );
});
