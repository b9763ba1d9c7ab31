// @ts-check

/**
 * A table as the formatter of the repository has it: columns as wide as their widest cell.
 *
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 */
export function markdownTable(header, rows) {
  const lines = [header, ...rows].map((cells) => cells.map((cell) => cell.replaceAll('|', String.raw`\|`)));
  const widths = header.map((_, column) => Math.max(3, ...lines.map((cells) => width(cells[column] ?? ''))));
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell))).join(' | ')} |`;
  const [first = [], ...others] = lines;
  return [line(first), line(widths.map((columnWidth) => '-'.repeat(columnWidth))), ...others.map(line)].join('\n');
}

/** Characters, not UTF-16 units. @param {string} text */
const width = (text) => [...text].length;
