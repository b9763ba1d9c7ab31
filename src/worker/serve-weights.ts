import { InsituError } from '../errors/insitu-error.ts';
import { isGraph } from '../pipeline/files/choose-dtype.ts';
import { prefetch } from '../pipeline/files/prefetch.ts';
import type { LoadEvent } from '../protocol/load-event.ts';
import type { CallPort } from '../protocol/method.ts';
import type { PrefetchRequest, WeightsApi } from '../protocol/weights-api.ts';
import { dtypes } from '../protocol/worker-api.ts';
import { exportPack } from '../weights/admin/export-pack.ts';
import { importPack, readPackManifest } from '../weights/admin/import-pack.ts';
import { notStored } from '../weights/admin/not-stored.ts';
import { type EstimateStorage, createRoomKeeper, estimateStorage } from '../weights/store/room-keeper.ts';
import { openStoredFiles } from '../weights/admin/stored-files.ts';
import { listModels, verifyModel } from '../weights/admin/stored-models.ts';
import { createLoadMonitor } from '../weights/model/load-monitor.ts';
import { openModel } from '../weights/model/open-model.ts';
import type { WeightSources } from '../weights/model/remote-model.ts';
import { createMemoryStore } from '../weights/store/memory-store.ts';
import type { OpenedStore } from '../weights/store/open-store.ts';
import { type NewsChannel, openNewsChannel } from '../weights/tabs/download-news.ts';
import { type FileLocks, createFileLocks } from '../weights/tabs/file-locks.ts';
import { toReply } from './to-reply.ts';

/** What the worker for the store is made of. The entry gives the real parts, tests give others. */
export interface WeightsParts {
  openStore(): Promise<OpenedStore>;
  locks?: FileLocks;
  news?: NewsChannel;
  estimate?: EstimateStorage;
}

/** The store's side of the protocol: models are fetched, listed, checked and carried about without a runtime. */
export function createWeightsApi({
  openStore,
  locks = createFileLocks(),
  news = openNewsChannel(),
  estimate = estimateStorage,
}: WeightsParts): WeightsApi {
  const opening = openStore();
  const opened = async () => {
    const { store, refusal } = await opening;
    return { store, locks, news, refusal, room: createRoomKeeper(store, locks, estimate) };
  };
  /** For one call; nothing of it is kept. */
  const inMemory = () => {
    const store = createMemoryStore();
    const ownLocks = createFileLocks(null);
    return { store, locks: ownLocks, news: openNewsChannel(true), room: createRoomKeeper(store, ownLocks) };
  };
  /** What is put into a store in memory would be gone with this worker. */
  const persistent = async () => {
    const { refusal, ...sources } = await opened();
    if (refusal) throw refusal;
    return sources;
  };
  /** Fetches what is not stored yet, and gives what a task needs. */
  const fetchModel = async (
    { location, dtype, rules, ...wish }: PrefetchRequest,
    sources: WeightSources,
    { signal, notify }: CallPort<LoadEvent>,
  ) => {
    if (location.kind === 'disk') throw onDisk();
    const monitor = createLoadMonitor(notify);
    const paths = await prefetch(
      wish,
      dtype,
      openModel(location, { ...sources, rules, monitor, signal, storeOnly: true }),
    );
    return { model: location.baseUrl, paths, monitor };
  };

  return {
    prefetch: (request, port) =>
      toReply(async () => {
        await fetchModel(request, await persistent(), port);
        return null;
      }),
    open: ({ storage, ...request }, port) =>
      toReply(async () => {
        const { refusal, ...sources } = storage === 'memory' ? { ...inMemory(), refusal: undefined } : await opened();
        const { model, paths, monitor } = await fetchModel(request, sources, port);
        const files = await openStoredFiles(model, paths, sources.store);
        if (refusal) monitor.notStored(refusal);
        else if (storage !== 'memory') monitor.stored();
        return files;
      }),
    has: ({ location: { baseUrl }, dtype }) =>
      toReply(async () => {
        const { store } = await opened();
        const files = await store.list(baseUrl);
        return (dtype ? [dtype] : dtypes).some((each) => {
          const graphs = files.filter(({ path }) => isGraph(path, each));
          return graphs.length > 0 && graphs.every(({ state }) => state === 'whole');
        });
      }),
    list: () => toReply(async () => listModels((await opened()).store, locks)),
    remove: ({ baseUrl }) =>
      toReply(async () => {
        await (await opened()).store.removeModel(baseUrl);
        return null;
      }),
    clear: () =>
      toReply(async () => {
        await (await opened()).store.clear();
        return null;
      }),
    usage: () =>
      toReply(async () => {
        const { store } = await opened();
        const [files, { usage, quota } = {}] = await Promise.all([store.list(), estimate()]);
        const models = files.reduce((sum, { size }) => sum + size, 0);
        return {
          models,
          ...(usage !== undefined && { used: usage }),
          ...(quota !== undefined && { quota }),
          storage: store.kind,
        };
      }),
    pin: ({ location: { baseUrl, reference }, pinned }) =>
      toReply(async () => {
        const { store } = await opened();
        if ((await store.list(baseUrl)).length === 0) throw notStored(reference);
        await store.editModel(baseUrl, (record) => ({ reference, ...record, pinned }));
        return null;
      }),
    verify: ({ baseUrl, reference }, { signal, notify }) =>
      toReply(async () => {
        const { store } = await opened();
        if ((await store.list(baseUrl)).length === 0) throw notStored(reference);
        return verifyModel(baseUrl, store, notify, signal);
      }),
    exportPack: ({ baseUrl, reference }, { signal, notify }) =>
      toReply(async () => {
        const { store } = await opened();
        if ((await store.list(baseUrl)).length === 0) throw notStored(reference);
        return exportPack(baseUrl, store, notify, signal);
      }),
    readManifest: (pack) => toReply(() => readPackManifest(pack)),
    importPack: ({ pack, location }, { signal, notify }) =>
      toReply(async () => {
        await importPack(pack, location, { ...(await persistent()), report: notify, signal });
        return null;
      }),
  };
}

function onDisk(): InsituError {
  return new InsituError('OPTION_INVALID', 'Files on the disk are not prefetched: they are here already.', {
    hint: 'Give them to `pipeline()`.',
  });
}
