import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withGenerated } from '../../scripts/docs/generated-part.mjs';
import { markdownTable } from '../../scripts/docs/markdown-table.mjs';
import type { AgreementCase } from './cases.ts';

/** What came of a case. */
export interface Measured {
  given: AgreementCase;
  /** Largest difference of two numbers. */
  difference: number;
}

const file = join(import.meta.dirname, '../../docs/agreement.md');
const marks = { begin: '<!-- agreement: npm run agreement -->', end: '<!-- /agreement -->' };

/** Writes the table of the documentation. */
export function writeAgreement(all: readonly Measured[]): void {
  const rows = all.map(({ given, difference }) => [...cellsOf(given), differenceCell(difference)]);
  const table = markdownTable(['task', 'model', 'calls', 'largest difference'], rows);
  writeFileSync(file, withGenerated(readFileSync(file, 'utf8'), marks, table));
}

/**
 * The difference that the documentation states for a case.
 *
 * @throws Error where it has no row for it.
 */
export function statedDifference(given: AgreementCase): number {
  const start = cellsOf(given);
  const row = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .find(([, ...cells]) => start.every((cell, column) => cells[column] === cell));
  if (!row) throw new Error(`docs/agreement.md has no row ${start.join(' | ')}: run \`npm run agreement\`.`);
  return row[start.length + 1] === identical ? 0 : Number(row[start.length + 1]);
}

const identical = 'identical';

const cellsOf = ({ task, model, dtype, calls }: AgreementCase): string[] => [
  `[${task}](tasks/${task}.md)`,
  dtype === undefined ? `\`${model}\`` : `\`${model}\`, ${dtype}`,
  String(calls.length),
];

/** Rounded up to a power of ten, which another machine keeps too. */
const differenceCell = (difference: number): string =>
  difference === 0 ? identical : `1e${Math.ceil(Math.log10(difference))}`;
