// @ts-check
import { ExplainedError } from '../explained-error.mjs';

/** Endings of graph files by dtype, as on the Hub. The order is the order in which they are preferred. */
export const graphSuffixes = Object.freeze({
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  fp32: '',
  q4: '_q4',
  fp16: '_fp16',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
});

/** @typedef {keyof typeof graphSuffixes} Dtype */

export const dtypes = /** @type {Dtype[]} */ (Object.keys(graphSuffixes));

/**
 * @param {string} path
 * @returns {{ name: string, dtype: Dtype } | undefined} Undefined for what is neither a graph nor weights beside one.
 */
export function parseGraphPath(path) {
  const [, graph] = /^onnx\/([^/]+)\.onnx(?:_data(?:_\d+)?)?$/.exec(path) ?? [];
  // Optimised for other runtimes, as sentence-transformers keeps them beside the plain graph.
  if (graph === undefined || /_(O\d|qu?int8(_\w+)?)$/.test(graph)) return undefined;
  const dtype = dtypes.find((name) => name !== 'fp32' && graph.endsWith(graphSuffixes[name])) ?? 'fp32';
  return { name: graph.slice(0, graph.length - graphSuffixes[dtype].length), dtype };
}

/**
 * What a browser needs of a repository.
 *
 * @template {{ path: string }} File
 * @param {File[]} files
 * @param {Dtype | undefined} dtype
 * @returns {{ files: File[], missing: string[] }} `missing` are graphs that the dtype does not have and another has.
 */
export function selectFiles(files, dtype) {
  const chosen = chooseDtype(files, dtype);
  const graphs = files.filter(({ path }) => parseGraphPath(path)?.dtype === chosen);
  const names = new Set(graphs.map(({ path }) => parseGraphPath(path)?.name));
  const kept = graphs.filter(({ path }) => !isContained(parseGraphPath(path)?.name ?? '', names));
  const allNames = new Set(files.flatMap(({ path }) => parseGraphPath(path)?.name ?? []));
  return {
    files: [...files.filter(({ path }) => isConfiguration(path)), ...kept],
    missing: [...allNames].filter((name) => !names.has(name) && !isContained(name, names)),
  };
}

/**
 * Only the graphs of a dtype, and everything that is no graph.
 *
 * @template {{ path: string }} File
 * @param {File[]} files
 * @param {Dtype} dtype
 * @returns {File[]}
 */
export function dropOtherDtypes(files, dtype) {
  const chosen = chooseDtype(files, dtype);
  return files.filter(({ path }) => (parseGraphPath(path)?.dtype ?? chosen) === chosen);
}

/**
 * @param {{ path: string }[]} files
 * @param {Dtype | undefined} asked
 * @returns {Dtype}
 */
function chooseDtype(files, asked) {
  const present = dtypes.filter((dtype) => files.some(({ path }) => parseGraphPath(path)?.dtype === dtype));
  const chosen = asked === undefined ? present[0] : present.find((dtype) => dtype === asked);
  if (chosen) return chosen;
  if (present.length > 0) throw new ExplainedError(`The model has no ${asked} graphs. It has ${present.join(', ')}.`);
  throw new ExplainedError(
    'The model has no graphs in onnx/, so it is not made for browsers. Look for its conversion to ONNX on the Hub ' +
      '(organisations onnx-community and Xenova), or take everything with --all.',
  );
}

/**
 * The merged decoder does what these two do, and is the one that browsers load.
 *
 * @param {string} name
 * @param {Set<string | undefined>} names
 */
function isContained(name, names) {
  return names.has('decoder_model_merged') && (name === 'decoder_model' || name === 'decoder_with_past_model');
}

/** @param {string} path */
function isConfiguration(path) {
  if (path.includes('/') || path.startsWith('.') || /^readme/i.test(path)) return false;
  if (/^(licen[cs]e|notice)/i.test(path)) return true;
  // An index lists the shards of weights that are not taken.
  return /\.(json|txt|model|jinja)$/.test(path) && !path.endsWith('.index.json') && path !== 'requirements.txt';
}
