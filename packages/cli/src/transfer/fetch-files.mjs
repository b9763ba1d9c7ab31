// @ts-check
import { stat } from 'node:fs/promises';
import { describeFile } from '../model/file-differences.mjs';
import { gitObjectIdOf } from '../model/file-hash.mjs';
import { innerPath } from '../model/file-path.mjs';
import { readManifest } from '../model/manifest.mjs';
import { runParallel } from '../run-parallel.mjs';
import { downloadFile } from './download.mjs';

/**
 * @typedef {import('../model/manifest.mjs').ManifestFile} ManifestFile
 * @typedef {import('./download.mjs').RemoteFile} RemoteFile
 * @typedef {import('./download.mjs').Transfer} Transfer
 */

const parallelDownloads = 4;

/**
 * Brings the files of a model into a folder. What is there and right is not fetched.
 *
 * @param {RemoteFile[]} files
 * @param {string} directory
 * @param {Transfer} transfer
 * @returns {Promise<{ files: ManifestFile[], fetched: number }>}
 */
export async function fetchFiles(files, directory, transfer) {
  const manifest = await readManifest(directory).catch(() => undefined);
  const recorded = new Map(manifest?.files.map((file) => [file.path, file]));
  const { progress } = transfer;
  for (const file of files) progress.expect(file.path, file.size);
  let fetched = 0;
  const described = await runParallel(
    files,
    parallelDownloads,
    async (remote, signal) => {
      const target = innerPath(directory, remote.path);
      const present = await findPresent(remote, target, recorded.get(remote.path));
      if (present) {
        progress.keep(remote.path, present.size);
        return present;
      }
      const arrived = await downloadFile(remote, target, { ...transfer, signal });
      fetched++;
      progress.finish(remote.path, arrived.size);
      return arrived;
    },
    transfer.signal,
  );
  return { files: described, fetched };
}

/**
 * @param {RemoteFile} remote
 * @param {string} target
 * @param {ManifestFile | undefined} recorded What an earlier manifest says of it.
 * @returns {Promise<ManifestFile | undefined>} The file, if it is there and right.
 */
async function findPresent(remote, target, recorded) {
  const found = await stat(target).catch(() => undefined);
  if (!found?.isFile() || (remote.size ?? found.size) !== found.size) return undefined;
  if (remote.sha256 === undefined && remote.gitObjectId === undefined) {
    // Nothing proves the content there; as long as its time is the same, it is what was fetched before.
    const sameTime = Date.parse(remote.lastModified ?? '') === found.mtimeMs;
    if (!sameTime || !recorded) return undefined;
  }
  const described = await describeFile(target);
  if (!described) return undefined;
  const right =
    remote.sha256 === undefined && remote.gitObjectId !== undefined
      ? (await gitObjectIdOf(target)) === remote.gitObjectId
      : described.sha256 === (remote.sha256 ?? recorded?.sha256);
  return right ? { path: remote.path, ...described } : undefined;
}
