import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

export interface RepositoryFile {
  /** `org/name/path/of/file`. */
  name: string;
  /** Path in the repository. */
  path: string;
  bytes: Buffer;
  /** Of the bytes. */
  sha256: string;
  /** What git calls the file: the hash of its bytes, or of the pointer where the bytes are in LFS. */
  oid: string;
  /** The text that git has in place of the bytes; `undefined` where it has the bytes themselves. */
  pointer: string | undefined;
}

interface Commit {
  sha: string;
  files: Map<string, RepositoryFile>;
}

export type RepositoryFiles = Record<string, string | Uint8Array>;

export interface Repository {
  /** Makes a commit of exactly these files, and `main` point to it. */
  publish(files: RepositoryFiles, tag?: string): string;
  /** Finds a commit by its hash, a tag, or `main`. */
  commit(revision: string): Commit | undefined;
}

export function createRepository(name: string, isLfs: (path: string, size: number) => boolean): Repository {
  const commits = new Map<string, Commit>();
  const names = new Map<string, string>();

  return {
    publish(files, tag) {
      const stored = Object.entries(files).map(([path, content]) => {
        const bytes = Buffer.from(content);
        return storedFile(name, path, bytes, isLfs(path, bytes.length));
      });
      const tree = stored.map(({ oid, path }) => `${oid} ${path}\n`).join('');
      // The number makes a commit of its own of a return to old files, as the parent does in git.
      const sha = hash('sha1', `commit ${name} ${commits.size}\n${tree}`);
      commits.set(sha, { sha, files: new Map(stored.map((file) => [file.path, file])) });
      names.set('main', sha);
      if (tag !== undefined) names.set(tag, sha);
      return sha;
    },
    commit: (revision) => commits.get(names.get(revision) ?? revision),
  };
}

/** The entries of `/api/models/{name}/tree/{revision}`. */
export function listTree({ files }: Commit, recursive: boolean): object[] {
  const directories = new Set<string>();
  for (const path of files.keys()) {
    const segments = path.split('/');
    for (let depth = 1; depth < segments.length; depth++) directories.add(segments.slice(0, depth).join('/'));
  }
  const entries = [
    ...[...directories].map((path) => ({ type: 'directory', oid: hash('sha1', `tree ${path}`), size: 0, path })),
    ...[...files.values()].map(({ path, bytes, oid, sha256, pointer }) => ({
      type: 'file',
      oid,
      size: bytes.length,
      ...(pointer !== undefined && { lfs: { oid: sha256, size: bytes.length, pointerSize: pointer.length } }),
      path,
    })),
  ];
  return entries.filter(({ path }) => recursive || !path.includes('/'));
}

/** All files of a folder on disk, by their path below it. */
export async function readFolder(directory: string): Promise<RepositoryFiles> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files: RepositoryFiles = {};
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files[relative(directory, file).split(sep).join('/')] = await readFile(file);
  }
  return files;
}

export function hash(algorithm: 'sha1' | 'sha256', ...parts: (string | Uint8Array)[]): string {
  const digest = createHash(algorithm);
  for (const part of parts) digest.update(part);
  return digest.digest('hex');
}

function storedFile(repository: string, path: string, bytes: Buffer, isLfs: boolean): RepositoryFile {
  const sha256 = hash('sha256', bytes);
  const pointer = isLfs
    ? `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${bytes.length}\n`
    : undefined;
  const blob = pointer ?? bytes;
  return {
    name: `${repository}/${path}`,
    path,
    bytes,
    sha256,
    oid: hash('sha1', `blob ${blob.length}\0`, blob),
    pointer,
  };
}
