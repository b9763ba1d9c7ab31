// @ts-check
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withOptions } from './option-table.mjs';
import { readOptions } from './read-options.mjs';

// Writes the tables of options in docs/tasks from the docblocks in src/protocol/tasks; with --check, says which differ.
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const repository = new URL('../../', import.meta.url);
const sourceFolder = new URL('src/protocol/tasks/', repository);
const sources = readdirSync(sourceFolder).map((file) => readFileSync(new URL(file, sourceFolder), 'utf8'));

const outdated = [];
for (const [task, options] of readOptions(sources)) {
  const file = new URL(`docs/tasks/${task}.md`, repository);
  const page = readFileSync(file, 'utf8');
  const current = withOptions(page, options);
  if (current === page) continue;
  outdated.push(`docs/tasks/${task}.md`);
  if (!values.check) writeFileSync(file, current);
}
if (values.check && outdated.length > 0) {
  console.error(`Out of date; run "npm run docs":\n${outdated.join('\n')}`);
  process.exitCode = 1;
}
