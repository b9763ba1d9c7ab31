import type { FileRules, RemoteModel } from '../../protocol/model-location.ts';
import { type RoomKeeper, useLockOf } from '../store/room-keeper.ts';
import type { WeightStore } from '../store/weight-store.ts';
import type { NewsChannel } from '../tabs/download-news.ts';
import type { FileLocks } from '../tabs/file-locks.ts';
import { createArrivals, requireFile } from './arrivals.ts';
import { checkInBackground, isDueForCheck } from './background-check.ts';
import type { LoadMonitor } from './load-monitor.ts';
import type { ModelFiles } from './model-files.ts';
import { type RemoteFileContext, getRemoteFile } from './remote-file.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Storing takes processor time that a starting model wants for itself, so it waits for `keep`, but not longer than this: what a
 * slow connection brings should not be lost.
 */
const writePatienceMs = 1000;

/** The first calls of a model that is ready should not share the network and the thread with a check. */
const checkAfterMs = 2000;

const notStoredHint =
  '`localFilesOnly` forbids to fetch it: call `weights.prefetch()` or load it once while there is a network.';

/** Tabs that are open at the same time have a session each. */
const rememberedSessions = 16;

/** What the files of all models share. */
export interface WeightSources {
  store: WeightStore;
  locks: FileLocks;
  news: NewsChannel;
  room: RoomKeeper;
}

export interface OpenModelOptions extends WeightSources {
  rules: FileRules;
  monitor: LoadMonitor;
  signal: AbortSignal;
  /** Only the store wants the files; then a file that cannot be stored is a failure. @default false */
  storeOnly?: boolean;
}

/** Opens a model that has addresses. */
export function openRemoteModel(location: RemoteModel, options: OpenModelOptions): ModelFiles {
  const { store, locks, rules, monitor, storeOnly = false } = options;
  const model = location.baseUrl;
  const unlock = locks.share(useLockOf(model));
  const released = new AbortController();
  const dropped = new AbortController();
  const missing: string[] = [];
  const stored: string[] = [];
  const under = new Set<Promise<unknown>>();
  let fetching = false;
  let checking: ReturnType<typeof setTimeout> | undefined;
  let notStored = false;
  let beginWriting = () => {};
  const writingMayBegin = new Promise<void>((resolve) => (beginWriting = resolve));
  const patience = setTimeout(beginWriting, storeOnly ? 0 : writePatienceMs);

  const context: RemoteFileContext = {
    ...options,
    location,
    inMemory: !storeOnly,
    writingMayBegin,
    dropped: dropped.signal,
    onNotStored(error) {
      notStored = true;
      monitor.notStored(error);
    },
    onFetching(settled) {
      // What an interrupted download leaves must have a name, and be evictable.
      if (!fetching) under.add(writingMayBegin.then(introduce).catch(() => {}));
      fetching = true;
      under.add(settled);
    },
  };

  const introduce = () =>
    store.editModel(model, (record) => {
      const { reference, revision } = location;
      return record ?? { reference, ...(revision && { revision }), touchedAt: Date.now() };
    });

  const get = async (path: string, onKnown: () => void): Promise<Bytes | undefined | true> => {
    const file = await getRemoteFile({ model, path }, context, onKnown);
    if (!file) {
      if (!rules.manifest) missing.push(path);
      return undefined;
    }
    if (file.source === 'store') stored.push(path);
    return file.bytes ?? true;
  };
  const arrivals = createArrivals(get, monitor);

  const release = () => {
    unlock();
    clearTimeout(checking);
    released.abort();
  };

  const settled = async () => {
    clearTimeout(patience);
    beginWriting();
    await Promise.all(under);
  };

  const remember = async () => {
    // A prefetch is over before a check in the background could be: that is left to the load.
    const leavesCheck = storeOnly && stored.length > 0;
    const asks = rules.revalidate !== 'never' && !rules.localFilesOnly && !leavesCheck;
    let due = false;
    await store.editModel(model, (record) => {
      const { reference, revision } = location;
      const { checkedIn = [], ...known } = record ?? { reference };
      due = !storeOnly && stored.length > 0 && isDueForCheck(location, rules, checkedIn);
      const sessions = asks && !checkedIn.includes(rules.session) ? [...checkedIn, rules.session] : checkedIn;
      const now = Date.now();
      return {
        ...known,
        reference,
        ...(revision && { revision }),
        ...(!storeOnly && { usedAt: now }),
        touchedAt: now,
        checkedIn: sessions.slice(-rememberedSessions),
      };
    });
    const check = { ...context, monitor: silent, onNotStored: () => {}, signal: released.signal };
    // Nobody waits for it: a failure only means that the next session asks again.
    if (due)
      checking = setTimeout(() => void checkInBackground([...stored, ...missing], check).catch(() => {}), checkAfterMs);
  };

  return {
    ...arrivals,
    get fetching() {
      return fetching;
    },
    require: (path) =>
      rules.localFilesOnly
        ? requireFile(arrivals, path, location.reference, 'in the store', notStoredHint)
        : requireFile(arrivals, path, location.reference, `at ${model}${path}`),
    async keep() {
      await settled();
      const isStored = store.kind === 'indexeddb' && !notStored;
      if (!rules.localFilesOnly) {
        await Promise.allSettled(missing.map((path) => store.writeMissing({ model, path })));
      }
      await remember().catch(() => {});
      return isStored;
    },
    async leave() {
      await settled();
      release();
    },
    async discard() {
      dropped.abort();
      await settled();
      await Promise.allSettled(arrivals.paths().map((path) => store.remove({ model, path })));
    },
    release,
  };
}

/** A check in the background belongs to no load. */
const silent: LoadMonitor = {
  bytes: 0,
  announce: () => {},
  withdraw: () => {},
  begin: () => {},
  add: () => {},
  end: () => {},
  notStored: () => {},
  stored: () => {},
  ready: () => {},
};
