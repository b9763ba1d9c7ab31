// @ts-check
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Runs a command at the root of the repository under a heading, its output shown as it comes, and then tells how long it took.
 *
 * @param {string} title
 * @param {string[]} command A program, also one that a package installed, and its arguments.
 * @returns {Promise<number>} The exit code; 1 also when it did not start or was killed.
 */
export async function runCommand(title, [program = '', ...args]) {
  console.log(`\n=== ${title}: ${[program, ...args].join(' ')}`);
  const start = performance.now();
  const exitCode = await new Promise((resolve) => {
    const path = [join(repository, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
    spawn(program, args, {
      cwd: repository,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, PATH: path },
    })
      .once('error', (error) => {
        console.error(error.message);
        resolve(1);
      })
      .once('close', (code) => resolve(code ?? 1));
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`--- ${title}: ${exitCode === 0 ? 'ok' : `FAILED (exit code ${exitCode})`}, ${seconds} s`);
  return exitCode;
}
