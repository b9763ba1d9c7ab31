// @ts-check
import { delimiter } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureChromium, findChromium, launchArguments } from './find-chromium.mjs';

const own = '/cache/playwright/chrome';

/**
 * A machine with some executables, on which a command may make more of them appear.
 *
 * @param {object} machine
 * @param {string[]} [machine.executables]
 * @param {Record<string, string>} [machine.environment]
 * @param {boolean} [machine.root]
 * @param {Record<string, string[]>} [machine.installs] Files that appear when a command whose text contains the key is run.
 * @param {string[]} [machine.broken] Files that do not run.
 */
function createHost({ executables = [], environment = {}, root = false, installs = {}, broken = [] }) {
  const files = new Set(executables);
  /** @type {string[]} */
  const commands = [];
  return {
    commands,
    environment: { PATH: ['/usr/local/bin', '/usr/bin'].join(delimiter), ...environment },
    root,
    isExecutable: (/** @type {string} */ path) => files.has(path),
    playwrightPath: async () => own,
    run(/** @type {string} */ command, /** @type {string[]} */ args) {
      const text = [command, ...args].join(' ');
      commands.push(text);
      if (files.has(command) && args[0] === '--version') return !broken.includes(command);
      const step = Object.keys(installs).find((key) => text.includes(key));
      for (const file of installs[step ?? ''] ?? []) files.add(file);
      return step !== undefined;
    },
  };
}

describe('findChromium', () => {
  it('prefers CHROMIUM_PATH', async () => {
    const host = createHost({
      executables: ['/opt/chrome', '/usr/bin/chromium', own],
      environment: { CHROMIUM_PATH: '/opt/chrome' },
    });
    expect(await findChromium(host)).toBe('/opt/chrome');
  });

  it('refuses a CHROMIUM_PATH that is not executable, even when another Chromium is there', async () => {
    const host = createHost({ executables: ['/usr/bin/chromium'], environment: { CHROMIUM_PATH: '/opt/chrome' } });
    await expect(findChromium(host)).rejects.toThrow('CHROMIUM_PATH is "/opt/chrome"');
  });

  it('takes chromium before google-chrome, wherever in PATH they are', async () => {
    const host = createHost({ executables: ['/usr/local/bin/google-chrome', '/usr/bin/chromium', own] });
    expect(await findChromium(host)).toBe('/usr/bin/chromium');
  });

  it.each(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'])(
    'finds %s in PATH',
    async (name) => {
      expect(await findChromium(createHost({ executables: [`/usr/local/bin/${name}`, own] }))).toBe(
        `/usr/local/bin/${name}`,
      );
    },
  );

  it("falls back to Playwright's own", async () => {
    expect(await findChromium(createHost({ executables: [own] }))).toBe(own);
  });

  it('finds nothing on a machine without one', async () => {
    expect(await findChromium(createHost({}))).toBeUndefined();
  });
});

describe('ensureChromium', () => {
  it('installs nothing when there is one', async () => {
    const host = createHost({ executables: ['/usr/bin/chromium'] });
    expect(await ensureChromium(host)).toBe('/usr/bin/chromium');
    expect(host.commands).toEqual([]);
  });

  it('lets Playwright download one, and checks that it starts', async () => {
    const host = createHost({ installs: { 'install chromium': [own] } });
    expect(await ensureChromium(host)).toBe(own);
    expect(host.commands.at(-1)).toBe(`${own} --version`);
  });

  it('installs the package when the download fails and this is root', async () => {
    const host = createHost({
      root: true,
      executables: ['/usr/bin/apt-get'],
      installs: { 'apt-get update': [], 'apt-get install -y chromium': ['/usr/bin/chromium'] },
    });
    expect(await ensureChromium(host)).toBe('/usr/bin/chromium');
  });

  it('installs the package when the download does not start', async () => {
    const host = createHost({
      root: true,
      executables: ['/usr/bin/apt-get'],
      installs: {
        'cli.js install chromium': [own],
        'apt-get update': [],
        'apt-get install -y chromium': ['/usr/bin/chromium'],
      },
      broken: [own],
    });
    expect(await ensureChromium(host)).toBe('/usr/bin/chromium');
  });

  it('says what to run when this is not root', async () => {
    const host = createHost({ executables: ['/usr/bin/apt-get'] });
    await expect(ensureChromium(host)).rejects.toThrow('npx playwright install --with-deps chromium');
    expect(host.commands.filter((command) => command.includes('apt-get'))).toEqual([]);
  });

  it('says what to run when every way failed', async () => {
    const host = createHost({ root: true, executables: ['/usr/bin/apt-get'] });
    await expect(ensureChromium(host)).rejects.toThrow('sudo apt-get update && sudo apt-get install -y chromium');
  });
});

describe('launchArguments', () => {
  it('turns the sandbox off for root only', () => {
    expect(launchArguments(createHost({ root: true }))).toContain('--no-sandbox');
    expect(launchArguments(createHost({ root: false }))).not.toContain('--no-sandbox');
  });
});
