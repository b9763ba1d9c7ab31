// @ts-check
import { parseArgs } from 'node:util';
import { BenchError } from './bench-error.mjs';

/**
 * @typedef {NonNullable<import('node:util').ParseArgsConfig['options']>} OptionDeclarations
 *
 * @typedef {object} Bench
 * @property {string} usage Its options, a line each.
 * @property {OptionDeclarations} options
 * @property {(options: Record<string, unknown>) => Promise<void>} run Prints what it measured. Throws a BenchError when it
 *   could not measure.
 */

/** @type {Record<string, { summary: string, load: () => Promise<Bench> }>} */
const benches = {
  start: {
    summary: 'insitu beside transformers.js: first and second visit, bytes, batches, latency, blocking of the page',
    load: async () => (await import('./start/start.mjs')).bench,
  },
  latency: {
    summary: 'a call of a pipeline beside the bare runtime in the same kind of worker',
    load: async () => (await import('./latency/latency.mjs')).bench,
  },
  generation: {
    summary: 'insitu beside transformers.js: tokens of a language model, in a call and in a stream',
    load: async () => (await import('./generation/generation.mjs')).bench,
  },
  embed: {
    summary: 'insitu beside transformers.js: 1,000 sentences embedded',
    load: async () => (await import('./tasks/embed.mjs')).bench,
  },
  'classify-image': {
    summary: 'insitu beside transformers.js: from a picture file to labels',
    load: async () => (await import('./tasks/classify-image.mjs')).bench,
  },
  transcribe: {
    summary: 'insitu beside transformers.js: from a recording to its text',
    load: async () => (await import('./tasks/transcribe.mjs')).bench,
  },
  store: {
    summary: "insitu beside transformers.js: from the browser's storage to bytes, time and memory",
    load: async () => (await import('./store/store.mjs')).bench,
  },
};

function listBenches() {
  const lines = Object.entries(benches).map(([name, { summary }]) => `  ${name}  ${summary}`);
  return `Usage: npm run bench -- <name> [options]\n\n${lines.join('\n')}\n\nOptions of a bench: npm run bench -- <name> --help\n`;
}

/** @param {readonly string[]} parameters */
async function main([name, ...rest]) {
  if (name === undefined || name === '--help') {
    process.stdout.write(listBenches());
    return;
  }
  const entry = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (!entry) throw new BenchError(`There is no bench "${name}".\n\n${listBenches()}`);
  const bench = await entry.load();
  const usage = `Usage: npm run bench -- ${name} [options]\n\n${bench.usage}`;
  const options = readOptions(rest, bench.options, usage);
  if (options['help']) process.stdout.write(usage);
  else await bench.run(options);
}

/**
 * @param {string[]} parameters
 * @param {OptionDeclarations} declared
 * @param {string} usage
 * @returns {Record<string, unknown>}
 */
function readOptions(parameters, declared, usage) {
  try {
    return parseArgs({ args: parameters, options: { ...declared, help: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new BenchError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

// A signal ends the process without its exit handlers, which remove the temporary directories.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  process.stderr.write(`${error.message.trimEnd()}\n`);
  process.exitCode = 1;
}
