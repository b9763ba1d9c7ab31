// @ts-check
import { doctorCommand } from './commands/doctor.mjs';
import { packCommand } from './commands/pack.mjs';
import { pullCommand } from './commands/pull.mjs';
import { verifyCommand } from './commands/verify.mjs';
import { parseCommandLine } from './command.mjs';
import { ExplainedError, UsageError, messageOf } from './explained-error.mjs';

/**
 * @typedef {import('./command.mjs').Command} Command
 * @typedef {import('./command.mjs').CommandContext} CommandContext
 */

/** @type {Map<string, Command>} */
const commands = new Map([
  ['pull', pullCommand],
  ['verify', verifyCommand],
  ['pack', packCommand],
  ['doctor', doctorCommand],
]);

/** What a shell says of a program that a signal ended. */
const signalCodes = /** @type {const} */ ({ SIGINT: 130, SIGTERM: 143 });

/**
 * The command `insitu`.
 *
 * @param {string[]} programArguments What follows the program's name.
 * @param {string} version
 * @returns {Promise<number>} The exit code: 0, 1 for a failure, 2 for a command line that means nothing.
 */
export async function main(programArguments, version) {
  const interrupted = new AbortController();
  let interruptedCode = 0;
  const interrupt = (/** @type {keyof typeof signalCodes} */ name) => {
    interruptedCode = signalCodes[name];
    interrupted.abort();
  };
  // Only once: who presses Ctrl+C again means at once.
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const { stdout, stderr } = process;
  const context = { directory: process.cwd(), stdout, stderr, environment: process.env, signal: interrupted.signal };
  try {
    return await runCommand(programArguments, version, context);
  } catch (error) {
    if (interruptedCode > 0) {
      stderr.write('Interrupted. Run this again to continue.\n');
      return interruptedCode;
    }
    stderr.write(`${describeFailure(error, context.environment)}\n`);
    return error instanceof UsageError ? 2 : 1;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/**
 * @param {string[]} programArguments
 * @param {string} version
 * @param {CommandContext} context
 * @returns {Promise<number>}
 */
async function runCommand([name, ...rest], version, context) {
  if (name === '--version' || name === '-v') return show(version, context);
  if (name === '--help' || name === '-h' || name === 'help') return show(describeProgram(), context);
  if (name === undefined) throw new UsageError(describeProgram());
  const command = commands.get(name);
  if (!command) {
    const names = [...commands.keys()].join(', ');
    throw new UsageError(
      `There is no command ${JSON.stringify(name)}. There are ${names}; "insitu --help" tells more.`,
    );
  }
  const { help, positionals, values } = parseCommandLine(name, command, rest);
  if (help) return show(`Usage: ${command.usage}\n\n${command.help}`, context);
  return command.run(positionals, values, context);
}

/**
 * @param {string} text
 * @param {CommandContext} context
 */
function show(text, { stdout }) {
  stdout.write(`${text}\n`);
  return 0;
}

function describeProgram() {
  const width = Math.max(...[...commands.values()].map(({ usage }) => usage.length));
  const lines = [...commands.values()].map(({ usage, summary }) => `  ${usage.padEnd(width)}  ${summary}`);
  return ['Usage: insitu <command>', '', ...lines, '', '"insitu <command> --help" tells more of each.'].join('\n');
}

/**
 * @param {unknown} error
 * @param {CommandContext['environment']} environment
 */
function describeFailure(error, environment) {
  if (environment['DEBUG'] && error instanceof Error) return error.stack ?? error.message;
  if (error instanceof ExplainedError) return error.message;
  return `insitu failed: ${messageOf(error)}\nSet DEBUG=1 to see where.`;
}
