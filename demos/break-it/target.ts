import {
  type Client,
  type ClientEvent,
  type ClientStats,
  type Embeddings,
  type Pipeline,
  type Priority,
  createClient,
} from 'insitu';
import { type WorkerWatch, workerUrl } from './worker-watch.ts';

export type Embed = Pipeline<'feature-extraction'>;

/** A model of 23 kB whose words do things to the runtime: `slow`, `brief` and `huge` compute and allocate for real. */
export const model = '/models/insitu/stunts/';
/** The same files at an address of which nothing is stored. */
export const modelElsewhere = '/models/insitu/%73tunts/';

/** Milliseconds without a sign of life after which the library takes a worker for hung. */
export const hangTimeout = 4000;

/** What is attacked: a client of its own with one model, which is loaded again when it was given up. */
export interface Target {
  readonly isOpen: boolean;
  /** Loads the model into so many workers; a client that was open is closed first. Calls wait for it. */
  open(workers: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
  embed(
    input: string | readonly string[],
    options?: { signal?: AbortSignal; priority?: Priority },
  ): Promise<Embeddings>;
  /** Loads a model into the workers that are there. */
  load(reference: string): Promise<Embed>;
  /** Loads the model anew, as the library asks for when it has given a model up. */
  renew(): Promise<void>;
  /** Resolves when the browser stores the model, or will not. */
  stored(): Promise<void>;
  /** Removes a model from the browser's storage. */
  forget(reference: string): Promise<void>;
  stats(): Promise<ClientStats | undefined>;
}

/** @param onEvent Hears the client's events; numbers of workers count on this page. */
export function createTarget(watch: WorkerWatch, onEvent: (event: ClientEvent) => void): Target {
  let client: Client | undefined;
  let embed: Embed | undefined;
  /** Who calls while there is no model waits for it. */
  let opening: Promise<Embed> | undefined;
  let workers = 1;
  /** Workers of earlier clients. */
  let before = 0;
  let stored: Promise<void> = Promise.resolve();
  let renewing: Promise<void> | undefined;

  const connect = (): Client => {
    before = watch.count;
    const own = before;
    return createClient({
      assetBase: '/dist/',
      workerUrl,
      workers,
      // Threads would make each start heavier and nothing faster: the model's words compute on one.
      threads: 1,
      hangTimeout,
      onEvent: (event) => onEvent('worker' in event && event.worker ? { ...event, worker: event.worker + own } : event),
    });
  };

  const loadModel = (from: Client, signal?: AbortSignal): Promise<Embed> =>
    new Promise((resolve, reject) => {
      stored = new Promise((isStored) => {
        from
          .pipeline('feature-extraction', model, {
            replicas: workers,
            ...(signal && { signal }),
            onProgress(event) {
              const fromStore = event.status === 'ready' && event.source !== 'network';
              if (fromStore || event.status === 'stored' || event.status === 'not-stored') isStored();
            },
          })
          .then(resolve, reject);
      });
    });

  const close = async (): Promise<void> => {
    const closing = client;
    client = embed = opening = undefined;
    await closing?.close();
  };
  const ready = async (): Promise<Embed> => {
    if (!opening) throw new Error('No model is loaded.');
    return opening;
  };

  return {
    get isOpen() {
      return embed !== undefined;
    },
    async open(count, signal) {
      const closed = close();
      const own: Promise<Embed> = (opening = (async () => {
        await closed;
        signal.throwIfAborted();
        workers = count;
        client = connect();
        return loadModel(client, signal);
      })());
      try {
        const loaded = await own;
        if (opening === own) embed = loaded;
      } catch (error) {
        if (opening === own) await close();
        throw error;
      }
    },
    close,
    // Without a pause where there is a model: the library's events tell when a run began.
    embed: async (input, options = {}) => (embed ?? (await ready()))(input, { pooling: 'mean', ...options }),
    async load(reference) {
      if (!embed) await ready();
      return client!.pipeline('feature-extraction', reference);
    },
    renew() {
      renewing ??= (async () => {
        const given = embed;
        const own = client;
        try {
          if (!given || !own) return;
          const fresh = await loadModel(own);
          if (client === own) embed = fresh;
          await given.dispose();
        } finally {
          renewing = undefined;
        }
      })();
      return renewing;
    },
    stored: () => stored,
    forget: async (reference) => client?.weights.remove(reference),
    async stats() {
      const stats = await client?.stats();
      return stats && { ...stats, workers: stats.workers.map((worker) => ({ ...worker, id: worker.id + before })) };
    },
  };
}
