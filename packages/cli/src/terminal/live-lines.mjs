// @ts-check

/**
 * Lines at the end of a terminal's output that are drawn again and again.
 *
 * @typedef {object} LiveLines
 * @property {(lines: string[]) => void} draw
 * @property {() => void} clear
 *
 * @typedef {Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>} Output
 */

const eraseLine = '\r\u001b[2K';
const eraseLineAbove = '\u001b[1A\u001b[2K';

/**
 * @param {Output} output A terminal.
 * @returns {LiveLines}
 */
export function createLiveLines(output) {
  let height = 1;
  const erase = () => eraseLine + eraseLineAbove.repeat(height - 1);
  return {
    draw(lines) {
      // A line that wraps would take two lines, of which one would stay.
      output.write(erase() + lines.map((line) => line.slice(0, output.columns - 1)).join('\n'));
      height = Math.max(lines.length, 1);
    },
    clear() {
      output.write(erase());
      height = 1;
    },
  };
}

/**
 * @param {number} share 0..1
 * @returns {string}
 */
export function formatBar(share) {
  const width = 20;
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}]`;
}
