// @ts-check
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createTarPacker } from 'modern-tar';
import { ExplainedError } from '../explained-error.mjs';
import { describeFiles } from '../model/file-differences.mjs';
import { innerPath } from '../model/file-path.mjs';
import { listFolder } from '../model/list-folder.mjs';
import { createManifest, formatManifest, manifestName, readManifest } from '../model/manifest.mjs';
import { formatBytes, formatCount } from '../terminal/format-amount.mjs';
import { requireDirectory, requireRight } from './verify.mjs';

/** @typedef {import('../model/manifest.mjs').Manifest} Manifest */

const extension = '.insitu.tar';

/** @type {import('../command.mjs').Command} */
export const packCommand = {
  usage: 'insitu pack <dir> [options]',
  summary: "put a model's folder into one file",
  help: `Puts the files of a model into one tar, manifest.json first. Compares them with the folder's
manifest.json before; a folder without one gets one in the pack. The same files give the
same bytes.

  --out <file>    Default: <name of the folder>${extension}
  --model <name>  Reference of the model, where the folder has no manifest.json
                  (default: the last two parts of its path).`,
  options: { out: { type: 'string' }, model: { type: 'string' } },
  positional: '<dir>',
  async run([argument = ''], values, context) {
    const directory = path.resolve(context.directory, argument);
    await requireDirectory(directory, argument);
    const model = typeof values['model'] === 'string' ? values['model'] : undefined;
    const manifest = await obtainManifest(directory, argument, context.directory, model);
    const out = typeof values['out'] === 'string' ? values['out'] : `${path.basename(directory)}${extension}`;
    const size = await writePack(manifest, directory, path.resolve(context.directory, out), context.signal);
    const count = formatCount(manifest.files.length, 'file');
    context.stdout.write(`${out}: ${manifest.model}, ${count}, ${formatBytes(size)}\n`);
    return 0;
  },
};

/**
 * @param {string} directory
 * @param {string} name Of the directory, as it was given.
 * @param {string} workingDirectory
 * @param {string | undefined} model
 * @returns {Promise<Manifest>}
 */
async function obtainManifest(directory, name, workingDirectory, model) {
  const manifest = await readManifest(directory);
  if (manifest) {
    if (model !== undefined && model !== manifest.model) {
      throw new ExplainedError(
        `${name} has a ${manifestName}, which names the model ${manifest.model}. Leave out --model.`,
      );
    }
    await requireRight(manifest, directory, name, workingDirectory);
    return manifest;
  }
  const paths = (await listFolder(directory)).filter((file) => !/\.(part|part\.json|insitu\.tar)$/.test(file));
  if (!paths.includes('config.json')) {
    throw new ExplainedError(
      `${name} has no config.json, so it is no model in Hub layout. Pack the folder of one model.`,
    );
  }
  const files = await describeFiles(directory, paths);
  return createManifest({ model: model ?? directory.split(path.sep).slice(-2).join('/'), files });
}

/**
 * @param {Manifest} manifest
 * @param {string} directory
 * @param {string} out
 * @param {AbortSignal} signal
 * @returns {Promise<number>} Bytes of the pack.
 */
async function writePack(manifest, directory, out, signal) {
  await mkdir(path.dirname(out), { recursive: true });
  const { readable, controller } = createTarPacker();
  const add = async (
    /** @type {string} */ name,
    /** @type {number} */ size,
    /** @type {AsyncIterable<Buffer>} */ content,
  ) => {
    // One time for all, so that the bytes do not depend on when the files were fetched.
    const writer = controller.add({ name, size, mtime: new Date(0), mode: 0o644 }).getWriter();
    for await (const chunk of content) await writer.write(chunk);
    await writer.close();
  };
  const fill = async () => {
    try {
      const text = Buffer.from(formatManifest(manifest));
      await add(manifestName, text.length, Readable.from([text]));
      for (const file of manifest.files) {
        await add(file.path, file.size, createReadStream(innerPath(directory, file.path), { highWaterMark: 1 << 20 }));
      }
      controller.finalize();
    } catch (error) {
      controller.error(error);
    }
  };
  const stream = createWriteStream(`${out}.part`);
  try {
    await Promise.all([pipeline(readable, stream, { signal }), fill()]);
  } catch (error) {
    await rm(`${out}.part`, { force: true });
    throw error;
  }
  await rename(`${out}.part`, out);
  return stream.bytesWritten;
}
