// @ts-check
import { spawn } from 'node:child_process';

/**
 * @param {string} program
 * @param {string[]} programArguments
 * @param {AbortSignal} [signal] Ends the program.
 * @returns {Promise<string>} What it wrote to its standard output.
 */
export function runProgram(program, programArguments, signal) {
  return new Promise((resolve, reject) => {
    // npm is a batch file on Windows, which only a shell starts.
    const shell = program === 'npm' && process.platform === 'win32';
    const child = spawn(program, programArguments, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell,
      ...(signal && { signal }),
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => (output += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk) => (errors += chunk));
    child.once('error', (error) => {
      reject(signal?.aborted ? signal.reason : new Error(`${program} could not be started: ${error.message}`));
    });
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error([`${program} ended with code ${code}.`, errors.trim()].filter(Boolean).join('\n')));
    });
  });
}
