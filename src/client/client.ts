import { type OptionCheck, abortSignal, checkOptions, ofType, oneOf } from '../errors/check-options.ts';
import { disposed } from '../errors/disposed.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { WithSnakeCase } from '../protocol/snake-case.ts';
import { type ResolveTask, type Task, type TaskName, defaultModels } from '../protocol/task-map.ts';
import type { WeightsApi } from '../protocol/weights-api.ts';
import { priorities } from '../protocol/priority.ts';
import type { LoadRequest } from '../protocol/worker-api.ts';
import { type ClientOptions, checkClientOptions, concurrencyCheck, copyCount, replicaCheck } from './client-options.ts';
import { createHost } from './create-host.ts';
import { loadChecks, checkedOptions, resolveTask, rulesOf } from './load-options.ts';
import { type ModelReference, resolveModel } from './model-reference.ts';
import type { HostingRules } from './models/hosted-model.ts';
import type { ClientStats } from './observe/stats.ts';
import { type Pipeline, type PipelineOptions, createPipeline } from './pipeline.ts';
import { createLazyWeights } from './weights-part.ts';
import type { Weights } from './weights.ts';
import { createCountedWorker } from './workers/counted-worker.ts';
import { spawnWeightsWorker } from './workers/spawn-worker.ts';
import { superviseWorker } from './workers/supervised-worker.ts';

/** Models, their workers and their settings, apart from those of other clients. */
export interface Client {
  /** Like the function of the same name, in this client. */
  pipeline<N extends TaskName>(
    task: N,
    model?: ModelReference,
    options?: WithSnakeCase<PipelineOptions>,
  ): Promise<Pipeline<ResolveTask<N>>>;
  /** The models in the browser's storage. */
  readonly weights: Weights;
  /** Workers, models, bytes, calls and their times, as they are now. */
  stats(): Promise<ClientStats>;
  /**
   * Ends the workers and their models. Calls that wait reject with `DISPOSED`, and so do later ones. Resolves when the memory is
   * free.
   */
  close(): Promise<void>;
}

const pipelineChecks = {
  ...loadChecks,
  device: oneOf('wasm', 'auto'),
  replicas: replicaCheck,
  concurrency: concurrencyCheck,
  isolate: ofType('boolean'),
  priority: oneOf(...priorities),
} satisfies Record<keyof PipelineOptions, OptionCheck>;

const runChecks = { signal: abortSignal, priority: oneOf(...priorities) };

/**
 * Creates a client of its own: other workers, other asset addresses, another hub. Most pages need only `pipeline()`.
 *
 * @throws InsituError `OPTION_INVALID`
 */
export function createClient(given: WithSnakeCase<ClientOptions> = {}): Client {
  const options = checkClientOptions(given);
  const { hub, hangTimeout, assetBase, workerUrl } = options;
  const weightsWorker = createCountedWorker(() =>
    superviseWorker<WeightsApi>(spawnWeightsWorker({ assetBase, workerUrl }), { hangTimeout }),
  );
  const { host, tab } = createHost(options, weightsWorker);
  let closed = false;

  const requireOpen = () => {
    if (closed) throw disposed('This client was closed.');
    requireWorkers();
  };

  return {
    async pipeline<N extends TaskName>(
      name: N,
      model?: ModelReference,
      givenOptions: WithSnakeCase<PipelineOptions> = {},
    ) {
      const task = resolveTask(name);
      const loading = checkedOptions<PipelineOptions>(givenOptions, pipelineChecks);
      const { dtype, revision, onProgress, signal, replicas = 1, isolate = false, priority = 'normal' } = loading;
      signal?.throwIfAborted();
      requireOpen();
      const location = await resolveModel(model ?? defaultModels[task], hub, revision);
      signal?.throwIfAborted();
      requireOpen();
      const request: LoadRequest = { task, location, dtype, rules: rulesOf(loading) };
      const rules: HostingRules = {
        replicas: copyCount(replicas, options),
        concurrency: loading.concurrency ?? Infinity,
        isolate,
      };
      const handle = await host.load(request, rules, { signal, onEvent: onProgress });

      let gone: Promise<void> | undefined;
      return createPipeline<Task>(
        async (input, given) => {
          const { signal: runSignal, priority: runPriority, ...runOptions } = given ?? {};
          const run = checkOptions({ signal: runSignal, priority: runPriority }, runChecks);
          return handle.run({ input, options: runOptions, priority, ...run }) as Promise<never>;
        },
        {
          task,
          model: location.reference,
          plan: handle.plan,
          stats: () => handle.stats(),
          dispose: () => (gone ??= handle.dispose()),
        },
      ) as Pipeline<ResolveTask<N>>;
    },

    weights: createLazyWeights(
      options,
      {
        requireOpen,
        connect() {
          requireOpen();
          return weightsWorker.join();
        },
        leave: (worker) => weightsWorker.leave(worker),
      },
      hub,
    ),

    stats: async () => ({ ...(await host.stats()), tab: tab() }),

    async close() {
      closed = true;
      await Promise.all([
        host.close(disposed('This client was closed.')),
        weightsWorker.close(disposed('This client was closed.')),
      ]);
    },
  };
}

/** @throws InsituError `DEVICE_UNAVAILABLE` */
function requireWorkers(): void {
  if (typeof Worker !== 'undefined') return;
  throw new InsituError('DEVICE_UNAVAILABLE', 'There are no Web Workers here.', {
    hint: 'Models run in browsers: on a server, call this only in code that runs on the page.',
  });
}
