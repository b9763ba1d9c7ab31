import type { WeightsApi } from '../protocol/weights-api.ts';
import type { StartRequest, WorkerApi } from '../protocol/worker-api.ts';
import { type CheckedClientOptions, workerCount } from './client-options.ts';
import { loadIsolation, spawnIsolatedWorker } from './isolation/spawn-isolated-worker.ts';
import { type ModelHost, createModelHost } from './models/model-host.ts';
import type { SpreadRun } from './models/spread-run.ts';
import { loadPart } from './optional-part.ts';
import { createObserver } from './observe/observer.ts';
import type { ClientStats } from './observe/stats.ts';
import type { CountedWorker } from './workers/counted-worker.ts';
import { createTabsHost } from './tabs/tabs-part.ts';
import { spawnWorker } from './workers/spawn-worker.ts';
import { type Supervision, superviseWorker } from './workers/supervised-worker.ts';

/** Builds what a client's models live in, out of its options. */
export function createHost(
  options: CheckedClientOptions,
  weightsWorker: CountedWorker<WeightsApi>,
): { host: ModelHost; tab: () => ClientStats['tab'] } {
  const { threads, storage, hangTimeout, assetBase, workerUrl, onEvent, debug } = options;
  const observe = createObserver(onEvent, debug);
  const openHost = () =>
    createModelHost(
      { ...options, workers: workerCount(options) },
      {
        observe,
        open({ isolated, warm, onState, onDeath }) {
          const start: StartRequest = { threads, storage: isolated ? 'memory' : storage, ...(warm && { warm }) };
          const supervision: Supervision<WorkerApi> = {
            begin: ({ call }) => call('start', start),
            hangTimeout,
            onState,
            onDeath,
          };
          const spawned = isolated ? spawnIsolatedWorker(options, observe) : spawnWorker({ assetBase, workerUrl });
          return superviseWorker(spawned, supervision);
        },
        async loadSpread() {
          const usual = new URL('./replicas.js', import.meta.url);
          return (await loadPart<{ spreadRun: SpreadRun }>('replicas.js', usual, options)).spreadRun;
        },
        async bringFiles(request, listening) {
          const { bringFiles } = await loadIsolation(options);
          return bringFiles(request, listening, { worker: weightsWorker, storage });
        },
      },
    );
  return options.shared ? createTabsHost(options, openHost, observe) : { host: openHost(), tab: () => 'own' };
}
