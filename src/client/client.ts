import { abortSignal, anything, checkOptions, describe, ofType, oneOf } from '../errors/check-options.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { WithSnakeCase } from '../protocol/snake-case.ts';
import { type ResolveTask, type Task, type TaskName, defaultModels, taskAliases } from '../protocol/task-map.ts';
import type { LoadRequest, StartRequest } from '../protocol/worker-api.ts';
import { type Connection, openConnection } from './connection.ts';
import { type HubOptions, resolveModel } from './model-reference.ts';
import { type Pipeline, type PipelineOptions, createPipeline } from './pipeline.ts';

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
    model?: string,
    options?: WithSnakeCase<PipelineOptions>,
  ): Promise<Pipeline<ResolveTask<N>>>;
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
} satisfies Record<keyof HubOptions, unknown>;

const pipelineChecks = {
  dtype: oneOf('fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4'),
  device: oneOf('wasm', 'auto'),
  revision: ofType('string'),
  onProgress: ofType('function'),
  signal: abortSignal,
} satisfies Record<keyof PipelineOptions, unknown>;

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
  let connection: Connection | undefined;
  /** Loads under way and pipelines not yet disposed of, in the current worker. */
  let users = 0;
  let closed = false;

  const connect = () => {
    if (closed) throw disposed('This client was closed.');
    if (!connection || connection.dead) {
      connection = openConnection({ assetBase, workerUrl }, start);
      users = 0;
    }
    users++;
    return connection;
  };

  /** WebAssembly memory never shrinks, so a worker ends with its last user. */
  const leave = (left: Connection) => {
    if (left !== connection) return;
    users--;
    if (users === 0) left.close(disposed('This pipeline was disposed of.'));
  };

  return {
    async pipeline<N extends TaskName>(name: N, model?: string, given: WithSnakeCase<PipelineOptions> = {}) {
      const task = resolveTask(name);
      const { dtype, revision, onProgress, signal } = checkOptions({ ...given }, pipelineChecks) as PipelineOptions;
      signal?.throwIfAborted();
      if (typeof Worker === 'undefined') {
        throw new InsituError('DEVICE_UNAVAILABLE', 'There are no Web Workers here.', {
          hint: 'Models run in browsers: on a server, call this only in code that runs on the page.',
        });
      }
      const location = resolveModel(model ?? defaultModels[task], hub, revision);
      const worker = connect();
      const request: LoadRequest = { task, location, dtype };
      const { modelId, plan } = await worker
        .call((api, port) => api.load(request, port!), { signal, onLoadEvent: onProgress ?? (() => {}) })
        .catch((error: unknown) => {
          leave(worker);
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
              .finally(() => leave(worker));
          },
        },
      ) as Pipeline<ResolveTask<N>>;
    },

    close() {
      closed = true;
      connection?.close(disposed('This client was closed.'));
    },
  };
}

function resolveTask(name: string): Task {
  const task = Object.hasOwn(taskAliases, name) ? taskAliases[name as keyof typeof taskAliases] : name;
  if (Object.hasOwn(defaultModels, task)) return task as Task;
  throw new InsituError('TASK_UNKNOWN', `There is no task ${describe(name)}.`, {
    hint: `Tasks: ${[...Object.keys(defaultModels), ...Object.keys(taskAliases)].join(', ')}.`,
  });
}

function checkSignal(signal: unknown): AbortSignal | undefined {
  return checkOptions({ signal }, { signal: abortSignal })['signal'] as AbortSignal | undefined;
}

function disposed(message: string): InsituError {
  return new InsituError('DISPOSED', message, { hint: 'Load the model again with `pipeline()`.' });
}
