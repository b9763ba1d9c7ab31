import { type OptionCheck, abortSignal, anything, checkOptions, ofType, oneOf } from '../errors/check-options.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { WithSnakeCase } from '../protocol/snake-case.ts';
import { type ResolveTask, type Task, type TaskName, defaultModels } from '../protocol/task-map.ts';
import type { WeightsApi } from '../protocol/weights-api.ts';
import type { LoadRequest, StartRequest, WorkerApi } from '../protocol/worker-api.ts';
import { openConnection } from './connection.ts';
import { loadChecks, checkedOptions, resolveTask, rulesOf } from './load-options.ts';
import { type HubOptions, type ModelReference, resolveModel } from './model-reference.ts';
import { type Pipeline, type PipelineOptions, createPipeline } from './pipeline.ts';
import { type SharedConnection, createSharedConnection } from './shared-connection.ts';
import { spawnWeightsWorker, spawnWorker } from './spawn-worker.ts';
import { type Weights, createWeights } from './weights.ts';

/** Options of `createClient()`. */
export interface ClientOptions {
  /** Folder that holds the library's files (`worker.js` and its siblings). @default the folder of this module */
  assetBase?: string | URL;
  /** Address of the worker, where it has another name. */
  workerUrl?: string | URL;
  hub?: HubOptions;
  /** Threads of the runtime. More than one needs a cross-origin isolated page. @default 'auto' */
  threads?: number | 'auto';
  /** Where weights are kept: in the browser's storage, or in the worker only. @default 'indexeddb' */
  storage?: 'indexeddb' | 'memory';
}

/** Models, their worker and their settings, apart from those of other clients. */
export interface Client {
  /** Like the function of the same name, in this client. */
  pipeline<N extends TaskName>(
    task: N,
    model?: ModelReference,
    options?: WithSnakeCase<PipelineOptions>,
  ): Promise<Pipeline<ResolveTask<N>>>;
  /** The models in the browser's storage. */
  readonly weights: Weights;
  /** Ends the worker and its models. Calls that wait reject with `DISPOSED`, and so do later ones. */
  close(): void;
}

const clientChecks = {
  assetBase: anything,
  workerUrl: anything,
  hub: (value: unknown) => (typeof value === 'object' && value !== null ? undefined : 'must be an object'),
  threads: (value: unknown) =>
    value === 'auto' || (Number.isInteger(value) && Number(value) > 0)
      ? undefined
      : 'must be a positive whole number or "auto"',
  storage: oneOf('indexeddb', 'memory'),
} satisfies Record<keyof ClientOptions, unknown>;

const hubChecks = {
  host: ofType('string'),
  pathTemplate: ofType('string'),
  headers: (value) => (typeof value === 'object' && value !== null ? undefined : 'must be an object of header values'),
  token: (value) => (['string', 'function'].includes(typeof value) ? undefined : 'must be a string or a function'),
} satisfies Record<keyof HubOptions, OptionCheck>;

const pipelineChecks = {
  ...loadChecks,
  device: oneOf('wasm', 'auto'),
} satisfies Record<keyof PipelineOptions, OptionCheck>;

/**
 * Creates a client of its own: another worker, other asset addresses, another hub. Most pages need only `pipeline()`.
 *
 * @throws InsituError `OPTION_INVALID`
 */
export function createClient(options: WithSnakeCase<ClientOptions> = {}): Client {
  const {
    hub = {},
    threads = 'auto',
    storage = 'indexeddb',
    assetBase,
    workerUrl,
  } = checkOptions({ ...options }, clientChecks) as ClientOptions;
  checkOptions({ ...hub }, hubChecks);
  const start: StartRequest = { threads, storage };
  const noSuchClient = () => disposed('This client was closed.');
  const models = createSharedConnection(() => {
    return openConnection<WorkerApi>(spawnWorker({ assetBase, workerUrl }), (api) => api.start(start));
  });
  const weightsWorker = createSharedConnection(() =>
    openConnection<WeightsApi>(spawnWeightsWorker({ assetBase, workerUrl })),
  );
  let closed = false;

  const connect = <Api>(shared: SharedConnection<Api>) => {
    if (closed) throw noSuchClient();
    requireWorkers();
    return shared.join();
  };

  return {
    async pipeline<N extends TaskName>(name: N, model?: ModelReference, given: WithSnakeCase<PipelineOptions> = {}) {
      const task = resolveTask(name);
      const loading = checkedOptions<PipelineOptions>(given, pipelineChecks);
      const { dtype, revision, onProgress, signal } = loading;
      signal?.throwIfAborted();
      requireWorkers();
      const location = await resolveModel(model ?? defaultModels[task], hub, revision);
      signal?.throwIfAborted();
      const worker = connect(models);
      const request: LoadRequest = { task, location, dtype, rules: rulesOf(loading) };
      const { modelId, plan } = await worker
        .call((api, port) => api.load(request, port!), { signal, onEvent: onProgress ?? (() => {}) })
        .catch((error: unknown) => {
          models.leave(worker);
          throw error;
        });

      let gone = false;
      return createPipeline<Task>(
        async (input, optionsOfRun) => {
          const { signal: runSignal, ...runOptions } = optionsOfRun ?? {};
          if (gone) throw disposed(`The pipeline of ${location.reference} was disposed of.`);
          return worker.call((api, port) => api.run({ modelId, input, options: runOptions }, port), {
            signal: checkSignal(runSignal),
          }) as Promise<never>;
        },
        {
          task,
          model: location.reference,
          plan,
          async dispose() {
            if (gone) return;
            gone = true;
            if (worker.dead) return;
            await worker
              .call((api) => api.unload(modelId))
              .catch((error: unknown) => {
                // A worker that died meanwhile has freed everything.
                if (!worker.dead) throw error;
              })
              .finally(() => models.leave(worker));
          },
        },
      ) as Pipeline<ResolveTask<N>>;
    },

    weights: createWeights(
      { connect: () => connect(weightsWorker), leave: (connection) => weightsWorker.leave(connection) },
      hub,
    ),

    close() {
      closed = true;
      models.close(noSuchClient());
      weightsWorker.close(noSuchClient());
    },
  };
}

function checkSignal(signal: unknown): AbortSignal | undefined {
  return checkOptions({ signal }, { signal: abortSignal })['signal'] as AbortSignal | undefined;
}

function disposed(message: string): InsituError {
  return new InsituError('DISPOSED', message, { hint: 'Load the model again with `pipeline()`.' });
}

/** @throws InsituError `DEVICE_UNAVAILABLE` */
function requireWorkers(): void {
  if (typeof Worker !== 'undefined') return;
  throw new InsituError('DEVICE_UNAVAILABLE', 'There are no Web Workers here.', {
    hint: 'Models run in browsers: on a server, call this only in code that runs on the page.',
  });
}
