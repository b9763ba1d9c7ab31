import type { FileRules, RemoteModel } from '../../protocol/model-location.ts';
import type { StoredFile } from '../store/weight-store.ts';
import { type FetchContext, fetchIntoStore } from './fetch-into-store.ts';
import { hasChanged } from './freshness.ts';
import type { FileLocks } from '../tabs/file-locks.ts';

export interface BackgroundCheckContext extends FetchContext {
  locks: FileLocks;
}

/** Whether a model that was served from the store is to be compared with the server's. */
export function isDueForCheck(
  { immutable }: RemoteModel,
  { revalidate, localFilesOnly, manifest, session }: FileRules,
  checkedIn: readonly string[],
): boolean {
  return revalidate === 'background' && !immutable && !manifest && !localFilesOnly && !checkedIn.includes(session);
}

/**
 * Compares stored files with the server's and brings those that changed up to date, for the next load. What runs stays as it is.
 * All that changed are fetched before the first takes the place of its earlier version.
 *
 * @returns Paths of the files that changed.
 */
export async function checkInBackground(paths: readonly string[], context: BackgroundCheckContext): Promise<string[]> {
  const { location, store } = context;
  const stale: { path: string; found: StoredFile }[] = [];
  await Promise.all(
    paths.map(async (path) => {
      const found = await store.find({ model: location.baseUrl, path });
      if (await hasChanged({ model: location.baseUrl, path }, found, context)) stale.push({ path, found });
    }),
  );
  await Promise.all(stale.map(({ path, found }) => bringUpToDate(path, found, context)));
  return stale.map(({ path }) => path);
}

async function bringUpToDate(path: string, found: StoredFile, context: BackgroundCheckContext): Promise<void> {
  const key = { model: context.location.baseUrl, path };
  const never = new AbortController().signal;
  await context.locks.exclusive(`file ${key.model}${key.path}`, context.signal, never, async () => {
    const { result, settled } = fetchIntoStore(key, found, { ...context, inMemory: false }, undefined, () => {});
    if (!(await result)) await context.store.writeMissing(key);
    await settled;
  });
}
