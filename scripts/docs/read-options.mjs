// @ts-check

/**
 * @typedef {object} Option
 * @property {string} name
 * @property {string} type As the source has it.
 * @property {string} meaning Text of its docblock.
 * @property {string | undefined} standard Its `@default`.
 *
 * @typedef {object} Interface
 * @property {string[]} parents
 * @property {Option[]} options
 */

const declaration = /^export interface (\w+)(?: extends ([\w, ]+))? \{\n(.*?)^\}/gms;
const member = /(?:^ {2}\/\*\*(.*?)\*\/\n)?^ {2}'?([\w-]+)'?\??: (.*?);$/gms;

/**
 * Reads the options of all tasks from their declarations: interfaces whose members are one line each, with a docblock or none.
 *
 * @param {readonly string[]} sources Of the files below `src/protocol/tasks/`.
 * @returns {Map<string, Option[]>} By task, its own options before those that it shares with others.
 */
export function readOptions(sources) {
  const interfaces = new Map(sources.flatMap(readInterfaces));
  /** @type {(name: string) => Option[]} */
  const optionsOf = (name) => {
    const found = interfaces.get(name);
    if (!found) return [];
    return [...found.options, ...found.parents.flatMap(optionsOf)];
  };
  const tasks = [...interfaces].filter(([name]) => name.endsWith('TaskOptions'));
  return new Map(tasks.flatMap(([, { options }]) => options.map(({ name, type }) => [name, optionsOf(type)])));
}

/**
 * @param {string} source
 * @returns {[name: string, Interface][]}
 */
function readInterfaces(source) {
  return [...source.matchAll(declaration)].map(([, name = '', parents = '', body = '']) => [
    name,
    { parents: parents.split(', ').filter(Boolean), options: [...body.matchAll(member)].map(toOption) },
  ]);
}

/**
 * @param {RegExpMatchArray} match
 * @returns {Option}
 */
function toOption([, docblock = '', name = '', type = '']) {
  const [meaning = '', standard] = docblock
    .replaceAll(/^ *\* ?/gm, '')
    .split('@default')
    .map((text) => text.replaceAll(/\s+/g, ' ').trim());
  return { name, type, meaning, standard };
}
