// @ts-check
import { withGenerated } from './generated-part.mjs';
import { markdownTable } from './markdown-table.mjs';

/** @typedef {import('./read-options.mjs').Option} Option */

const marks = { begin: '<!-- options: npm run docs -->', end: '<!-- /options -->' };

/**
 * Puts the table of a task's options in its place in the task's page.
 *
 * @param {string} page
 * @param {readonly Option[]} options
 * @throws Error where the page has no such place.
 */
export const withOptions = (page, options) => withGenerated(page, marks, optionTable(options));

/** @param {readonly Option[]} options */
function optionTable(options) {
  if (options.length === 0) return 'None of its own.';
  const rows = options.map(({ name, type, standard = '', meaning }) => [
    code(name),
    code(type),
    defaultCell(standard),
    meaning,
  ]);
  return markdownTable(['option', 'type', 'default', 'meaning'], rows);
}

/** A value of the language as code, words as they are. @param {string} text */
const defaultCell = (text) => (/^('.*'|\[.*\]|-?[\d.]+|true|false|null)$/.test(text) ? code(text) : text);

/** @param {string} text */
const code = (text) => `\`${text}\``;
