// @ts-check
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { formatCounts } from '../test/summary.mjs';
import { runCommand } from '../test/run-command.mjs';

// Each `check:` script of package.json is one check. They look at the source and at what `npm run build` wrote.
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const checks = Object.keys(scripts).filter((name) => name.startsWith('check:') && name !== 'check:static');

const counts = { passed: 0, failed: 0, skipped: 0 };
for (const name of checks) {
  const exitCode = await runCommand(name, ['npm', 'run', '--silent', name]);
  counts[exitCode === 0 ? 'passed' : 'failed'] += 1;
}
mkdirSync('test-results', { recursive: true });
writeFileSync('test-results/static.json', JSON.stringify(counts));
console.log(`\nStatic checks: ${formatCounts(counts)}`);
process.exitCode = counts.failed === 0 ? 0 : 1;
