import type { LoadEvent } from '../../protocol/load-event.ts';
import type { LoadRequest } from '../../protocol/worker-api.ts';
import type { HostingRules } from '../models/hosted-model.ts';
import type { ModelHandle, ModelHost } from '../models/model-host.ts';
import { type LoadNews, createLoadNews } from './load-news.ts';
import { modelKey } from './share-key.ts';

/** One tab's use of a model. */
export interface Lease {
  /** Rejects with what the load did. */
  readonly loaded: Promise<ModelHandle>;
  /** Aborts when it is over. */
  readonly ended: AbortSignal;
  /** The last one of a model ends it, also while it is being loaded. Resolves when the memory is free, if it is to be. */
  end(): Promise<void>;
}

/** The models that tabs have together. */
export interface SharedModels {
  /** Models that somebody uses. */
  readonly size: number;
  /** Uses a model that is there or on its way, or loads it. */
  lease(request: LoadRequest, rules: HostingRules, onEvent: (event: LoadEvent) => void): Lease;
}

interface SharedModel {
  readonly loaded: Promise<ModelHandle>;
  readonly loading: AbortController;
  readonly listeners: Set<(event: LoadEvent) => void>;
  readonly news: LoadNews;
}

export function createSharedModels(host: Pick<ModelHost, 'load'>): SharedModels {
  const models = new Set<SharedModel>();
  const byKey = new Map<string, SharedModel>();

  const open = (request: LoadRequest, rules: HostingRules, key: string | undefined): SharedModel => {
    const loading = new AbortController();
    const listeners: SharedModel['listeners'] = new Set();
    const news = createLoadNews();
    const onEvent = (event: LoadEvent) => {
      news.take(event);
      for (const listener of listeners) listener(event);
    };
    const loaded = host.load(request, rules, { signal: loading.signal, onEvent });
    const model: SharedModel = { loaded, loading, listeners, news };
    models.add(model);
    if (key !== undefined) byKey.set(key, model);
    // What has failed is tried again by the next who wants it.
    loaded.catch(() => drop(model, key));
    return model;
  };

  const drop = (model: SharedModel, key: string | undefined) => {
    models.delete(model);
    if (key !== undefined && byKey.get(key) === model) byKey.delete(key);
  };

  return {
    get size() {
      return models.size;
    },
    lease(request, rules, onEvent) {
      const key = modelKey(request, rules);
      const known = key === undefined ? undefined : byKey.get(key);
      known?.news.retell(onEvent);
      const model = known ?? open(request, rules, key);
      // Not the listener itself: a tab may load a model twice.
      const listener = (event: LoadEvent) => onEvent(event);
      model.listeners.add(listener);
      const ending = new AbortController();
      return {
        loaded: model.loaded,
        ended: ending.signal,
        async end() {
          if (ending.signal.aborted) return;
          ending.abort();
          model.listeners.delete(listener);
          if (model.listeners.size > 0 || !models.has(model)) return;
          drop(model, key);
          model.loading.abort();
          const handle = await model.loaded.catch(() => undefined);
          await handle?.dispose();
        },
      };
    },
  };
}
