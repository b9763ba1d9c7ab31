// @ts-check
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ExplainedError } from '../explained-error.mjs';
import { describeDifference, findDifferences } from '../model/file-differences.mjs';
import { listFolder } from '../model/list-folder.mjs';
import { manifestName, readManifest } from '../model/manifest.mjs';
import { formatBytes, formatCount } from '../terminal/format-amount.mjs';

/**
 * @typedef {import('../model/manifest.mjs').Manifest} Manifest
 */

/** @type {import('../command.mjs').Command} */
export const verifyCommand = {
  usage: 'insitu verify <dir>',
  summary: 'compare the files of a model with its manifest.json',
  help: `Compares every file that the manifest.json of a model's folder lists with its size and
SHA-256. Exits with 1 if one is missing or another. Files that it does not list are named
and are no failure.`,
  options: {},
  positional: '<dir>',
  async run([argument = ''], _, context) {
    const directory = path.resolve(context.directory, argument);
    const manifest = await requireManifest(directory, argument);
    await requireRight(manifest, directory, argument, context.directory);
    const size = formatBytes(manifest.files.reduce((sum, file) => sum + file.size, 0));
    const lines = [`${manifest.model}: ${formatCount(manifest.files.length, 'file')}, ${size}, all right.`];
    const listed = new Set(manifest.files.map((file) => file.path));
    const extra = (await listFolder(directory)).filter((file) => !listed.has(file));
    if (extra.length > 0) lines.push('Not in the manifest:', ...extra.map((file) => `  ${file}`));
    context.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  },
};

/**
 * @param {string} directory
 * @param {string} name Of the directory, as it was given.
 * @returns {Promise<Manifest>}
 */
async function requireManifest(directory, name) {
  await requireDirectory(directory, name);
  const manifest = await readManifest(directory);
  if (manifest) return manifest;
  throw new ExplainedError(
    `${name} has no ${manifestName} that lists its files. "npx insitu pull" writes one; "npx insitu pack" makes one for a pack.`,
  );
}

/**
 * @param {string} directory
 * @param {string} name Of the directory, as it was given.
 */
export async function requireDirectory(directory, name) {
  const found = await stat(directory).catch(() => undefined);
  if (!found?.isDirectory()) throw new ExplainedError(`${name} is not a folder.`);
}

/**
 * @param {Manifest} manifest
 * @param {string} directory
 * @param {string} name Of the directory, as it was given.
 * @param {string} workingDirectory
 * @returns {Promise<void>}
 */
export async function requireRight(manifest, directory, name, workingDirectory) {
  const differences = await findDifferences(directory, manifest.files);
  if (differences.length === 0) return;
  throw new ExplainedError(
    [
      `${name} is not as its ${manifestName} says: ${differences.length} of ${formatCount(manifest.files.length, 'file')}.`,
      ...differences.map(describeDifference),
      adviseRepair(manifest, directory, workingDirectory),
    ].join('\n'),
  );
}

/**
 * @param {Manifest} manifest
 * @param {string} directory
 * @param {string} workingDirectory
 */
function adviseRepair({ model, revision }, directory, workingDirectory) {
  const onlyThese = 'fetches only these files.';
  const segments = model.split('/');
  const below = directory.split(path.sep).slice(-segments.length).join('/') === model;
  if (!revision || !below) return `Run again what made the folder: "npx insitu pull" ${onlyThese}`;
  const out = path.relative(workingDirectory, path.join(directory, ...segments.map(() => '..'))) || '.';
  const option = out === path.join('public', 'models') ? '' : ` --out ${out}`;
  return `"npx insitu pull ${model}@${revision}${option}" ${onlyThese}`;
}
