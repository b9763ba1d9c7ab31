import { InsituError } from '../errors/insitu-error.ts';
import type { ModelLocation } from '../protocol/worker-api.ts';
import { download } from './download.ts';
import type { LoadMonitor } from './load-monitor.ts';
import type { WeightStore } from './weight-store.ts';
import { createWriteBehind, type WriteBehind } from './write-behind.ts';

/** The files of one model, for the time of one load. */
export interface ModelFiles {
  /**
   * Bytes of a file, from the store or the network, however often it is asked for; `undefined` where the model has no such
   * file.
   *
   * @param path Path inside the model's folder, e.g. `onnx/model.onnx`.
   */
  find(path: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Like `find`, for a file without which the model cannot work. Throws `MODEL_NOT_FOUND`. */
  get(path: string): Promise<Uint8Array<ArrayBuffer>>;
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

export function openModel(location: ModelLocation, { store, monitor, signal }: OpenModelOptions): ModelFiles {
  const asked = new Map<string, Promise<Uint8Array<ArrayBuffer> | undefined>>();
  const missing: string[] = [];
  const writes: WriteBehind[] = [];
  const keyOf = (path: string) => location.baseUrl + path;

  const load = async (path: string) => {
    monitor.announce(path);
    // Storage that fails is no reason for a load to fail: the network has the file too.
    const stored = await store.read(keyOf(path)).catch(() => undefined);
    signal.throwIfAborted();
    const bytes = stored ? stored.bytes : await fetchAndStore(path);
    if (!bytes) {
      monitor.withdraw(path);
      return undefined;
    }
    if (stored) {
      monitor.begin(path, bytes.length, 'store');
      monitor.add(path, bytes.length);
    }
    monitor.end(path);
    return bytes;
  };

  const fetchAndStore = async (path: string) => {
    const file = createWriteBehind(store, keyOf(path));
    writes.push(file);
    try {
      const bytes = await download(keyOf(path), {
        signal,
        onHead: (total) => monitor.begin(path, total, 'network'),
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

  const find = (path: string) => {
    let bytes = asked.get(path);
    if (!bytes) {
      bytes = load(path);
      asked.set(path, bytes);
    }
    return bytes;
  };

  return {
    find,
    async get(path) {
      const bytes = await find(path);
      if (bytes) return bytes;
      throw new InsituError('MODEL_NOT_FOUND', `The model "${location.reference}" has no ${path} at ${keyOf(path)}.`, {
        hint: 'Check the spelling, the revision, and that the folder has the layout of the Hugging Face Hub.',
      });
    },
    async keep() {
      await Promise.all(writes.map((file) => file.settled()));
      await Promise.allSettled(missing.map((path) => store.writeMissing(keyOf(path))));
    },
    async discard() {
      await Promise.all(writes.map((file) => file.settled()));
      await Promise.allSettled([...asked.keys()].map((path) => store.remove(keyOf(path))));
    },
  };
}
