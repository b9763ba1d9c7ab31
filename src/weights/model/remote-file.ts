import type { ManifestFile } from '../../protocol/model-manifest.ts';
import type { FileRules, RemoteModel } from '../../protocol/model-location.ts';
import type { FileKey, StoredFile, StoredVersion, WeightStore } from '../store/weight-store.ts';
import type { NewsChannel } from '../tabs/download-news.ts';
import type { FileLocks } from '../tabs/file-locks.ts';
import { integrityError } from '../transfer/failures.ts';
import { hasChanged } from './freshness.ts';
import { type FetchContext, fetchIntoStore } from './fetch-into-store.ts';
import type { LoadMonitor } from './load-monitor.ts';
import { repair } from './repair.ts';
import { readStored, sizeOfParts } from './stored-bytes.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A tab that downloads but says nothing for so long is taken for frozen: others go on without it. */
const silenceMs = 20_000;

export interface RemoteFileContext extends FetchContext {
  location: RemoteModel;
  rules: FileRules;
  store: WeightStore;
  locks: FileLocks;
  news: NewsChannel;
  monitor: LoadMonitor;
  signal: AbortSignal;
  /** Called when a download begins, with when it will be over and stored. */
  onFetching(settled: Promise<void>): void;
}

export interface RemoteFile {
  source: 'store' | 'network';
  /** `undefined` where only the store wanted them. */
  bytes: Bytes | undefined;
}

/**
 * Gets one file of a model: from the store, or from the network into the store while every other tab waits for it.
 *
 * @param onKnown Called as soon as it is clear that the model has the file.
 * @returns `undefined` where the model has no such file.
 */
export async function getRemoteFile(
  key: FileKey,
  context: RemoteFileContext,
  onKnown: () => void,
): Promise<RemoteFile | undefined> {
  const { location, rules, store, locks, news, monitor, signal } = context;
  const url = key.model + key.path;
  let damaged = false;
  const pinned = rules.manifest?.files.find(({ path }) => path === key.path);
  if (rules.manifest && !pinned) return undefined;
  monitor.announce(key.path, pinned?.size);

  const found = await findStored(key, store);
  signal.throwIfAborted();
  const asksFirst = rules.revalidate === 'always' && !location.immutable && !pinned && !rules.localFilesOnly;
  const usable = !asksFirst || !(await hasChanged(key, found, context));
  if (usable) {
    const stored = await fromStore(found);
    if (stored) return stored.file;
  }
  if (rules.localFilesOnly) return undefined;

  const impatience = createImpatience();
  const unlisten = news.listen(key, ({ loaded, total }) => {
    impatience.calm();
    onKnown();
    monitor.begin(key.path, total, 'network', loaded);
  });
  return new Promise((resolve, reject) => {
    locks
      .exclusive(`file ${key.model}${key.path}`, signal, impatience.signal, async () => {
        unlisten();
        impatience.stop();
        const now = await findStored(key, store);
        // Whoever had the lock before may have fetched it.
        const stored = usable || wholeId(now) !== wholeId(found) ? await fromStore(now) : undefined;
        if (stored) return resolve(stored.file);
        const { result, settled } = fetchIntoStore(key, now, context, pinned, onKnown);
        context.onFetching(settled);
        result.then((fetched) => {
          if (fetched) resolve({ source: 'network', ...fetched });
          else if (damaged)
            reject(integrityError(`The stored ${url}`, 'it was changed in the store, and the server no longer has it'));
          else resolve(undefined);
        }, reject);
        // The lock is held until the store has what others wait for.
        await settled;
      })
      .catch(reject)
      .finally(() => {
        unlisten();
        impatience.stop();
      });
  });

  /** `undefined` where the store has nothing that can be used. */
  async function fromStore({ whole, missing }: StoredFile): Promise<{ file: RemoteFile | undefined } | undefined> {
    if (missing) return pinned ? undefined : { file: undefined };
    if (!whole || !isWanted(whole, pinned)) return undefined;
    const size = sizeOfParts(whole);
    onKnown();
    monitor.begin(key.path, size, store.kind === 'memory' ? 'memory' : 'store');
    if (!context.inMemory) return { file: { source: 'store', bytes: undefined } };
    const stored = await readStored(whole);
    if (stored.damaged.length === 0) {
      monitor.add(key.path, size);
      return { file: { source: 'store', bytes: stored.bytes } };
    }
    if (await repair(key, whole, stored, context)) return { file: { source: 'network', bytes: stored.bytes } };
    damaged = true;
    return undefined;
  }
}

/** Storage that fails is no reason for a load to fail: the network has the file too. */
const findStored = (key: FileKey, store: WeightStore): Promise<StoredFile> =>
  store.find(key).catch((): StoredFile => ({}));

const wholeId = ({ whole }: StoredFile) => whole?.id;

/** A record that has lost some of its parts is no file. */
const isWanted = (version: StoredVersion, pinned: ManifestFile | undefined) =>
  sizeOfParts(version) === version.info.size && (!pinned || version.info.sha256 === pinned.sha256);

function createImpatience() {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => clearTimeout(timer);
  const calm = () => {
    stop();
    timer = setTimeout(() => controller.abort(), silenceMs);
  };
  calm();
  return { signal: controller.signal, calm, stop };
}
