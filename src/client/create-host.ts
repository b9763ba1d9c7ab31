import type { WeightsApi } from '../protocol/weights-api.ts';
import type { StartRequest, WorkerApi } from '../protocol/worker-api.ts';
import { type CheckedClientOptions, workerCount } from './client-options.ts';
import { type ModelHost, createModelHost } from './models/model-host.ts';
import { loadPart } from './optional-part.ts';
import { createObserver } from './observe/observer.ts';
import type { ClientStats } from './observe/stats.ts';
import type { CountedWorker } from './workers/counted-worker.ts';
import { spawnWorker } from './workers/spawn-worker.ts';
import { superviseWorker } from './workers/supervised-worker.ts';

/** Builds what a client's models live in, out of its options. */
export function createHost(
  options: CheckedClientOptions,
  _weightsWorker: CountedWorker<WeightsApi>,
): { host: ModelHost; tab: () => ClientStats['tab'] } {
  const { threads, storage, hangTimeout, assetBase, workerUrl, onEvent, debug } = options;
  const observe = createObserver(onEvent, debug);
  const host = createModelHost(
    { ...options, workers: workerCount(options.workers) },
    {
      observe,
      open({ warm, onState, onDeath }) {
        const start: StartRequest = { threads, storage, ...(warm && { warm }) };
        return superviseWorker<WorkerApi>(spawnWorker({ assetBase, workerUrl }), {
          begin: ({ call }) => call('start', start),
          hangTimeout,
          onState,
          onDeath,
        });
      },
      async loadSpread() {
        const usual = new URL('./replicas.js', import.meta.url);
        return (await loadPart<typeof import('./models/spread-run.ts')>('replicas.js', usual, options)).spreadRun;
      },
      bringFiles: async (request) => request,
    },
  );
  return { host, tab: () => 'own' };
}
