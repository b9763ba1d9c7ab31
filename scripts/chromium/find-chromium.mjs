// @ts-check
import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What the search looks at and acts through, so that tests can stand in for a machine.
 *
 * @typedef {object} Host
 * @property {Record<string, string | undefined>} environment
 * @property {boolean} root Whether this process is root, for whom Chromium's sandbox does not start.
 * @property {(path: string) => boolean} isExecutable
 * @property {() => Promise<string>} playwrightPath Where Playwright's own Chromium is, or would be.
 * @property {(command: string, args: string[], minutes: number) => boolean} run Runs a command and tells whether it succeeded.
 */

const pathNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** @type {Host} */
const thisHost = {
  environment: process.env,
  root: process.getuid?.() === 0,
  isExecutable(path) {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  },
  async playwrightPath() {
    const { chromium } = await import('@playwright/test');
    return chromium.executablePath();
  },
  run(command, args, minutes) {
    const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2], timeout: minutes * 60_000 });
    return status === 0;
  },
};

/** @param {string} name @param {Host} host */
function inPath(name, { environment, isExecutable }) {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * The Chromium to test with: `CHROMIUM_PATH`, else the first one in `PATH`, else Playwright's own.
 *
 * @param {Host} [host]
 * @returns {Promise<string | undefined>} `undefined` where there is none.
 * @throws when `CHROMIUM_PATH` is set and is not an executable file: falling back would test another browser than was asked for.
 */
export async function findChromium(host = thisHost) {
  const chosen = host.environment['CHROMIUM_PATH'];
  if (chosen) {
    if (host.isExecutable(chosen)) return chosen;
    throw new Error(
      `CHROMIUM_PATH is "${chosen}", which is not an executable file. Correct it, or unset it to search for Chromium.`,
    );
  }
  for (const name of pathNames) {
    const found = inPath(name, host);
    if (found) return found;
  }
  const own = await host.playwrightPath();
  return host.isExecutable(own) ? own : undefined;
}

/**
 * Like {@link findChromium}, but installs one where there is none: Playwright's download, else the distribution's package
 * where this process may install packages.
 *
 * @param {Host} [host]
 * @returns {Promise<string>}
 * @throws with the commands to run when nothing worked.
 */
export async function ensureChromium(host = thisHost) {
  const present = await findChromium(host);
  if (present) return present;

  const starts = (/** @type {string | undefined} */ path) => path !== undefined && host.run(path, ['--version'], 1);
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli');
  if (host.run(process.execPath, [playwright, 'install', 'chromium'], 5)) {
    const downloaded = await findChromium(host);
    // A download can succeed on a machine that lacks the libraries it needs.
    if (downloaded && starts(downloaded)) return downloaded;
  }

  const aptGet = inPath('apt-get', host);
  if (host.root && aptGet && host.run(aptGet, ['update'], 5) && host.run(aptGet, ['install', '-y', 'chromium'], 10)) {
    const installed = await findChromium(host);
    if (installed && starts(installed)) return installed;
  }

  throw new Error(
    'There is no Chromium to test with, and none could be installed. Run one of these, then try again:\n' +
      '  npx playwright install --with-deps chromium\n' +
      '  sudo apt-get update && sudo apt-get install -y chromium\n' +
      '  export CHROMIUM_PATH=/path/to/chromium',
  );
}

/**
 * Flags that keep a test run quiet on the network: what reaches the wire must come from the page under test.
 *
 * @param {Host} [host]
 */
export function launchArguments(host = thisHost) {
  return [
    ...(host.root ? ['--no-sandbox'] : []),
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const path = process.argv.includes('--install') ? await ensureChromium() : await findChromium();
    if (path === undefined) throw new Error('No Chromium was found. Run this again with --install.');
    console.log(path);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
