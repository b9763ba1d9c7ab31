// @ts-check
import { parseArgs } from 'node:util';
import { UsageError, messageOf } from './explained-error.mjs';

/**
 * Where a command runs.
 *
 * @typedef {object} CommandContext
 * @property {string} directory Relative paths are relative to it.
 * @property {import('./terminal/live-lines.mjs').Output} stdout Results.
 * @property {import('./terminal/live-lines.mjs').Output} stderr Progress and failures.
 * @property {Record<string, string | undefined>} environment
 * @property {AbortSignal} signal
 *
 * @typedef {Record<string, string | boolean | (string | boolean)[] | undefined>} OptionValues
 *
 * @typedef {object} Command
 * @property {string} usage
 * @property {string} summary Half a sentence.
 * @property {string} help
 * @property {NonNullable<import('node:util').ParseArgsConfig['options']>} options
 * @property {string} positional Name of the one argument.
 * @property {(positionals: string[], values: OptionValues, context: CommandContext) => Promise<number>} run
 *   Resolves to the exit code.
 */

/**
 * @param {string} name
 * @param {Command} command
 * @param {string[]} commandArguments
 * @returns {{ help: boolean, positionals: string[], values: OptionValues }}
 */
export function parseCommandLine(name, command, commandArguments) {
  const advice = `"insitu ${name} --help" tells how it is used.`;
  const { values, positionals } = parse(command, commandArguments, advice);
  if (values['help'] === true) return { help: true, positionals, values };
  if (positionals.length === 1) return { help: false, positionals, values };
  const problem =
    positionals.length === 0
      ? `${command.positional} is missing.`
      : `Only one ${command.positional} is taken; there were ${positionals.map((value) => JSON.stringify(value)).join(', ')}.`;
  throw new UsageError(`${problem} ${advice}`);
}

/**
 * @param {Command} command
 * @param {string[]} commandArguments
 * @param {string} advice
 * @returns {{ values: OptionValues, positionals: string[] }}
 */
function parse(command, commandArguments, advice) {
  const options = { ...command.options, help: { type: /** @type {const} */ ('boolean'), short: 'h' } };
  try {
    return parseArgs({ args: commandArguments, options, allowPositionals: true });
  } catch (error) {
    // What Node adds after its first sentence is about the API.
    const [message = ''] = messageOf(error).split(/\. |\n/);
    throw new UsageError(`${message.replace(/\.$/, '')}. ${advice}`);
  }
}
