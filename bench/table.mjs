// @ts-check

/**
 * A table for a terminal: columns as wide as their widest cell, the first to the left, the others to the right.
 *
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows Each with as many cells as the header.
 * @returns {string}
 */
export function formatTable(header, rows) {
  for (const row of rows) {
    if (row.length !== header.length) throw new RangeError(`A row has ${row.length} cells, not ${header.length}.`);
  }
  const widths = header.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(width)),
  );
  const line = (/** @type {readonly string[]} */ cells) =>
    cells
      .map((cell, column) => {
        const padding = ' '.repeat((widths[column] ?? 0) - width(cell));
        return column === 0 ? cell + padding : padding + cell;
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((columnWidth) => '-'.repeat(columnWidth)).join('  ');
  return [line(header), rule, ...rows.map(line)].join('\n');
}

/** Characters, not UTF-16 units. @param {string} text */
const width = (text) => [...text].length;
