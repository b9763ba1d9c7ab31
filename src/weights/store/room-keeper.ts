import { InsituError } from '../../errors/insitu-error.ts';
import type { WeightStore } from './weight-store.ts';
import type { FileLocks } from '../tabs/file-locks.ts';

/** Beside the bytes themselves: the database's own pages, and what the estimate is behind by. */
const slackBytes = 1024 * 1024;

/** Makes room in the browser's storage before something is written. */
export interface RoomKeeper {
  /**
   * Sees that there is room for so many bytes of a model; removes models that were not used for longest, but none that is in use
   * in any tab, none that is pinned, and not this one.
   *
   * @returns Why there is none; `undefined` where there is room or nobody can tell.
   */
  reserve(model: string, bytes: number): Promise<InsituError | undefined>;
  /** Removes the model that was not used for longest, after a write found no room. Tells whether there was one to remove. */
  evictOne(model: string): Promise<boolean>;
}

/** Lock under which a model is in use. */
export const useLockOf = (model: string): string => `model ${model}`;

export type EstimateStorage = () => Promise<StorageEstimate | undefined>;

/** The Storage API exists in secure contexts only. */
export const estimateStorage: EstimateStorage = async () => {
  try {
    return await globalThis.navigator?.storage?.estimate();
  } catch {
    return undefined;
  }
};

export function createRoomKeeper(
  store: WeightStore,
  locks: FileLocks,
  estimate: EstimateStorage = estimateStorage,
): RoomKeeper {
  /** Files of one load ask at the same time, and each must see what the others were promised. */
  let turn: Promise<unknown> = Promise.resolve();
  let promised = 0;

  const reserve = async (model: string, bytes: number): Promise<InsituError | undefined> => {
    const { quota, usage = 0 } = (await estimate()) ?? {};
    if (quota === undefined) return undefined;
    const wanted = bytes + slackBytes;
    let free = quota - usage - promised;
    if (free < wanted) {
      for (const other of await evictable(model)) {
        if (free >= wanted) break;
        free += (await locks.ifUnused(useLockOf(other), () => evict(other))) ?? 0;
      }
    }
    if (free < wanted) return full(model, bytes, Math.max(0, free));
    promised += bytes;
    // What was promised shows in the estimate once it is written; until then it would be promised twice.
    void forgetLater(bytes);
    return undefined;
  };

  const evictOne = async (model: string): Promise<boolean> => {
    for (const other of await evictable(model)) {
      if ((await locks.ifUnused(useLockOf(other), () => evict(other))) !== undefined) return true;
    }
    return false;
  };

  /** Those that were not used for longest come first. */
  const evictable = async (model: string): Promise<string[]> =>
    [...(await store.models())]
      .filter(([other, { pinned }]) => other !== model && !pinned)
      .sort(([, a], [, b]) => (a.touchedAt ?? 0) - (b.touchedAt ?? 0))
      .map(([other]) => other);

  const evict = async (model: string): Promise<number> => {
    const files = await store.list(model);
    await store.removeModel(model);
    return files.reduce((sum, { size }) => sum + size, 0);
  };

  const forgetLater = async (bytes: number) => {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 10_000);
      // Node only: a timer would keep the process alive.
      (timer as { unref?(): void }).unref?.();
    });
    promised -= bytes;
  };

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const answer = turn.then(work);
    turn = answer.catch(() => {});
    return answer;
  };

  return {
    reserve: async (model, bytes) => (store.kind === 'memory' ? undefined : inTurn(() => reserve(model, bytes))),
    evictOne: (model) => inTurn(() => evictOne(model)),
  };
}

function full(model: string, bytes: number, free: number): InsituError {
  const mega = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  return new InsituError(
    'STORAGE_QUOTA',
    `The browser's storage has ${mega(free)} left, and a file of ${model} needs ${mega(bytes)}.`,
    {
      hint: 'Remove models with `weights.remove()`, unpin some, or ask for durable storage with `weights.persist()`.',
    },
  );
}
