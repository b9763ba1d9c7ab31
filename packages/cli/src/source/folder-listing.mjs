// @ts-check
import { ExplainedError } from '../explained-error.mjs';
import { manifestName } from '../model/manifest.mjs';
import { runParallel } from '../run-parallel.mjs';
import { fetchManifest, lookFor } from './listing.mjs';
import { dropOtherDtypes, dtypes, graphSuffixes } from './select-files.mjs';

/**
 * @typedef {import('./listing.mjs').Listing} Listing
 * @typedef {import('./select-files.mjs').Dtype} Dtype
 * @typedef {import('../transfer/download.mjs').RemoteFile} RemoteFile
 * @typedef {import('../transfer/download.mjs').Transfer} Transfer
 */

const configurationFiles = [
  'tokenizer.json',
  'tokenizer_config.json',
  'generation_config.json',
  'preprocessor_config.json',
  'processor_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'chat_template.jinja',
  'chat_template.json',
  'vocab.json',
  'vocab.txt',
  'merges.txt',
];

/** What transformers.js calls the graphs of its tasks. */
const graphNames = [
  'model',
  'encoder_model',
  'decoder_model_merged',
  'vision_encoder',
  'audio_encoder',
  'embed_tokens',
  'text_model',
  'vision_model',
  'text_encoder',
  'prompt_encoder_mask_decoder',
];

const parallelLooks = 8;

/**
 * Lists a model in a folder on the web: from its manifest or, without one, by trying the usual names.
 *
 * @param {{ url: string, dtype: Dtype | undefined, all: boolean }} options The URL has a slash at the end.
 * @param {Transfer} transfer
 * @returns {Promise<Listing>}
 */
export async function listFolderModel({ url, dtype, all }, transfer) {
  const explain = (/** @type {unknown} */ error) => error;
  const manifest = await fetchManifest(url + manifestName, transfer);
  if (manifest) {
    const files = dtype && !all ? dropOtherDtypes(manifest.files, dtype) : manifest.files;
    return {
      ...manifest,
      files: files.map((file) => ({ ...file, url: addressOf(url, file.path) })),
      notes: [],
      explain,
    };
  }
  if (all) {
    throw new ExplainedError(`${url} has no ${manifestName}, so nobody can tell all of its files. Leave out --all.`);
  }
  const configuration = await lookForAll(url, ['config.json', ...configurationFiles], transfer);
  if (configuration[0]?.path !== 'config.json') {
    throw new ExplainedError(
      `${url}config.json is not there, so this is no model in Hub layout. Check that the URL is that of the model's folder.`,
    );
  }
  const graphs = await findGraphs(url, dtype, transfer);
  return { model: url, files: [...configuration, ...graphs], notes: [], explain };
}

/**
 * @param {string} url
 * @param {Dtype | undefined} asked
 * @param {Transfer} transfer
 * @returns {Promise<RemoteFile[]>} The graphs of the first dtype that has any, and their weights.
 */
export async function findGraphs(url, asked, transfer) {
  for (const dtype of asked === undefined ? dtypes : [asked]) {
    const paths = graphNames.map((name) => `onnx/${name}${graphSuffixes[dtype]}.onnx`);
    const graphs = await lookForAll(url, paths, transfer);
    if (graphs.length === 0) continue;
    const weights = await Promise.all(graphs.map((graph) => findWeights(url, graph.path, transfer)));
    return [...graphs, ...weights.flat()];
  }
  throw new ExplainedError(
    asked === undefined
      ? `${url} has none of the usual graphs (onnx/model_quantized.onnx and others). Is it a model in Hub layout?`
      : `${url} has no ${asked} graphs. Leave out --dtype to take what there is.`,
  );
}

/**
 * Large graphs keep their weights beside them, in numbered files.
 *
 * @param {string} url
 * @param {string} graph
 * @param {Transfer} transfer
 */
async function findWeights(url, graph, transfer) {
  const found = [];
  for (let number = 0; ; number++) {
    const path = `${graph}_data${number === 0 ? '' : `_${number}`}`;
    const [file] = await lookForAll(url, [path], transfer);
    if (!file) return found;
    found.push(file);
  }
}

/**
 * @param {string} url
 * @param {string[]} paths
 * @param {Transfer} transfer
 * @returns {Promise<RemoteFile[]>} Those that are there.
 */
async function lookForAll(url, paths, transfer) {
  const found = await runParallel(
    paths,
    parallelLooks,
    async (path, signal) => {
      const file = await lookFor(addressOf(url, path), { ...transfer, signal });
      return file ? [{ path, url: addressOf(url, path), ...file }] : [];
    },
    transfer.signal,
  );
  return found.flat();
}

/**
 * @param {string} url
 * @param {string} path
 */
function addressOf(url, path) {
  return url + path.split('/').map(encodeURIComponent).join('/');
}
