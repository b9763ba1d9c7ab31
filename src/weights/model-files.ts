import { InsituError } from '../errors/insitu-error.ts';
import type { ModelLocation } from '../protocol/worker-api.ts';
import { download } from './download.ts';
import type { LoadMonitor } from './load-monitor.ts';
import type { WeightStore } from './weight-store.ts';
import { createWriteBehind, type WriteBehind } from './write-behind.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Storing takes processor time that a starting model wants for itself, so it waits for `keep`, but not longer than this: what a
 * slow connection brings should not be lost.
 */
const writePatienceMs = 2000;

/** The files of one model, for the time of one load. A file is read or fetched once, however often it is asked for. */
export interface ModelFiles {
  /** Whether anything of this load is fetched; known for a file as soon as `has` is. */
  readonly fetching: boolean;
  /**
   * Whether the model has a file; known before its bytes are here.
   *
   * @param path Path inside the model's folder, e.g. `onnx/model.onnx`.
   * @throws InsituError `NETWORK`, `OFFLINE`, `HTTP_STATUS`, `ASSET_IS_HTML`; the signal's reason.
   */
  has(path: string): Promise<boolean>;
  /** Bytes of a file, from the store or the network; `undefined` where the model has no such file. Throws like `has`. */
  find(path: string): Promise<Bytes | undefined>;
  /** Throws `MODEL_NOT_FOUND` if the model lacks a file that it cannot work without. */
  require(path: string): Promise<void>;
  /** Resolves when everything that was fetched is in the store, so that the next visit finds it. */
  keep(): Promise<void>;
  /** Forgets all files of this load: what they hold turned out to be no model. */
  discard(): Promise<void>;
}

export interface OpenModelOptions {
  store: WeightStore;
  monitor: LoadMonitor;
  signal: AbortSignal;
}

interface Arrival {
  known: Promise<boolean>;
  bytes: Promise<Bytes | undefined>;
}

export function openModel(location: ModelLocation, { store, monitor, signal }: OpenModelOptions): ModelFiles {
  const arrivals = new Map<string, Arrival>();
  const missing: string[] = [];
  const writes: WriteBehind[] = [];
  const keyOf = (path: string) => location.baseUrl + path;
  let beginWriting = () => {};
  const writingMayBegin = new Promise<void>((resolve) => (beginWriting = resolve));
  const patience = setTimeout(beginWriting, writePatienceMs);

  const load = async (path: string, onHead: () => void): Promise<Bytes | undefined> => {
    monitor.announce(path);
    // Storage that fails is no reason for a load to fail: the network has the file too.
    const stored = await store.find(keyOf(path)).catch(() => undefined);
    signal.throwIfAborted();
    if (stored === 'missing') return undefined;
    if (stored) {
      onHead();
      monitor.begin(path, stored.size, store.kind === 'memory' ? 'memory' : 'store');
      const bytes = await stored.bytes().catch(() => undefined);
      if (bytes) {
        monitor.add(path, bytes.length);
        return bytes;
      }
    }
    return fetchAndStore(path, onHead);
  };

  const fetchAndStore = async (path: string, onHead: () => void) => {
    const file = createWriteBehind(store, keyOf(path), writingMayBegin);
    writes.push(file);
    try {
      const bytes = await download(keyOf(path), {
        signal,
        onHead(total) {
          onHead();
          monitor.begin(path, total, 'network');
        },
        onBytes: (count) => monitor.add(path, count),
        onPart: file.append,
      });
      if (bytes) file.commit();
      else missing.push(path);
      return bytes;
    } catch (error) {
      file.abort();
      throw error;
    }
  };

  const arrival = (path: string): Arrival => {
    const found = arrivals.get(path);
    if (found) return found;
    let onHead = () => {};
    const head = new Promise<boolean>((resolve) => (onHead = () => resolve(true)));
    const bytes = load(path, onHead).then((loaded) => {
      if (loaded) monitor.end(path);
      else monitor.withdraw(path);
      return loaded;
    });
    const known = Promise.race([head, bytes.then(Boolean)]);
    // A file that nobody waits for any more may still fail.
    for (const promise of [bytes, known]) promise.catch(() => {});
    arrivals.set(path, { known, bytes });
    return { known, bytes };
  };

  const settled = () => {
    clearTimeout(patience);
    beginWriting();
    return Promise.all(writes.map((file) => file.settled()));
  };

  return {
    get fetching() {
      return writes.length > 0;
    },
    has: (path) => arrival(path).known,
    find: (path) => arrival(path).bytes,
    async require(path) {
      if (await arrival(path).known) return;
      throw new InsituError('MODEL_NOT_FOUND', `The model "${location.reference}" has no ${path} at ${keyOf(path)}.`, {
        hint: 'Check the spelling, the revision, and that the folder has the layout of the Hugging Face Hub.',
      });
    },
    async keep() {
      await settled();
      await Promise.allSettled(missing.map((path) => store.writeMissing(keyOf(path))));
    },
    async discard() {
      for (const file of writes) file.abort();
      await settled();
      await Promise.allSettled([...arrivals.keys()].map((path) => store.remove(keyOf(path))));
    },
  };
}
