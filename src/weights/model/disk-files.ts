import type { DiskFile, DiskModel } from '../../protocol/model-location.ts';

type Lookup = (path: string) => Promise<File | undefined>;

/** Finds the files of a model on the user's disk. */
export function createDiskLookup({ files }: DiskModel): Lookup {
  return 'kind' in files ? (path) => findInDirectory(files, path) : async (path) => findInList(files, path);
}

/**
 * A file input gives names without folders, unless whole folders were chosen; so a graph may be told by its name alone, if only
 * one has it.
 */
function findInList(files: readonly DiskFile[], path: string): File | undefined {
  const exact = files.find((each) => each.path === path);
  if (exact) return exact.file;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const [only, ...others] = files.filter((each) => each.path === name);
  return others.length === 0 ? only?.file : undefined;
}

async function findInDirectory(directory: FileSystemDirectoryHandle, path: string): Promise<File | undefined> {
  const [name = '', ...folders] = path.split('/').reverse();
  try {
    let folder = directory;
    for (const each of folders.reverse()) folder = await folder.getDirectoryHandle(each);
    return await (await folder.getFileHandle(name)).getFile();
  } catch (error) {
    const absent = error instanceof DOMException && ['NotFoundError', 'TypeMismatchError'].includes(error.name);
    if (absent) return undefined;
    throw error;
  }
}
