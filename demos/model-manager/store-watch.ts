import { type StorageUsage, type StoredModel, weights } from 'insitu';
import { nameAll } from './model-facts.ts';

/** What the store held when it was last looked at. */
export interface Snapshot {
  models: StoredModel[];
  usage: StorageUsage;
  /** What the page calls each model, by URL. */
  names: Map<string, string>;
}

export interface StoreWatch {
  /** `undefined` before the first look. */
  readonly snapshot: Snapshot | undefined;
  /** Looks again, and tells everybody who subscribed. Never rejects: a failure is told, too. */
  refresh(): Promise<void>;
  /** Looks until nobody uses a model: a download that was cancelled still stores what it has, and uses the model so long. */
  refreshWhenIdle(url: string): Promise<void>;
  subscribe(show: (snapshot: Snapshot) => void): void;
  onFailure(show: (thrown: unknown) => void): void;
}

/** An idle model is looked for so often, with this pause: the library waits three seconds for what is not written yet. */
const looks = 40;
const pauseMs = 100;

export function createStoreWatch(): StoreWatch {
  const subscribers = new Set<(snapshot: Snapshot) => void>();
  const failureSubscribers = new Set<(thrown: unknown) => void>();
  let snapshot: Snapshot | undefined;
  let newest = 0;

  const refresh = async (): Promise<void> => {
    const turn = ++newest;
    try {
      const [models, usage] = await Promise.all([weights.list(), weights.usage()]);
      // A later look has begun, and will tell.
      if (turn !== newest) return;
      snapshot = { models, usage, names: nameAll(models) };
      for (const show of subscribers) show(snapshot);
    } catch (thrown) {
      if (turn === newest) for (const show of failureSubscribers) show(thrown);
    }
  };

  return {
    get snapshot() {
      return snapshot;
    },
    refresh,
    async refreshWhenIdle(url) {
      for (let look = 0; look < looks; look++) {
        await refresh();
        if (!snapshot?.models.some((model) => model.url === url && model.inUse)) return;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    },
    subscribe: (show) => void subscribers.add(show),
    onFailure: (show) => void failureSubscribers.add(show),
  };
}
