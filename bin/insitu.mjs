#!/usr/bin/env node
// @ts-check
import { existsSync, readFileSync } from 'node:fs';

// The published package has no sources: there the command is one file in dist/.
const source = new URL('../packages/cli/src/main.mjs', import.meta.url);
const bundle = new URL('../dist/cli.js', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const { main } = await import((existsSync(source) ? source : bundle).href);
process.exitCode = await main(process.argv.slice(2), version);
