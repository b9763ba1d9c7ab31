import { type OptionCheck, abortSignal, ofType, oneOf } from '../errors/check-options.ts';
import { disposed } from '../errors/disposed.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { WithSnakeCase } from '../protocol/snake-case.ts';
import type { ResolveTask, TaskName } from '../protocol/task-map.ts';
import type { WeightsApi } from '../protocol/weights-api.ts';
import { priorities } from '../protocol/priority.ts';
import type { RunOptions } from '../protocol/tasks/run-options.ts';
import type { LoadRequest } from '../protocol/worker-api.ts';
import {
  type CheckedClientOptions,
  type ClientOptions,
  checkClientOptions,
  concurrencyCheck,
  copyCount,
  replicaCheck,
} from './client-options.ts';
import { createHost } from './create-host.ts';
import type { CustomPipeline, CustomTask } from './custom-task.ts';
import type { defaultModel } from './default-model.ts';
import { loadChecks, checkedOptions, resolveTask, rulesOf } from './load-options.ts';
import { type ModelReference, resolveModel } from './model-reference.ts';
import type { HostingRules } from './models/hosted-model.ts';
import type { ClientStats } from './observe/stats.ts';
import { type Pipeline, type PipelineOptions, createPipeline } from './pipeline.ts';
import { origins } from './pipeline-origin.ts';
import { loadPart } from './optional-part.ts';
import { pageUrl } from './page-url.ts';
import { runPrepared } from './prepared-run.ts';
import type { SessionParts, openSession } from './sessions/open-session.ts';
import type { GraphReference, Session, SessionOptions } from './sessions/session-options.ts';
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
  pipeline<Input, Options extends object, Output, Chunk>(
    task: CustomTask<Input, Options, Output, Chunk>,
    model: ModelReference,
    options?: WithSnakeCase<PipelineOptions>,
  ): Promise<CustomPipeline<Input, Options, Output, Chunk>>;
  /** Like `createSession()`, in this client. */
  session(model: GraphReference, options?: WithSnakeCase<SessionOptions>): Promise<Session>;
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

const runChecks = { signal: abortSignal, priority: oneOf(...priorities), onProgress: ofType('function') };

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
    pipeline: (async (
      given: TaskName | CustomTask<unknown, object, unknown>,
      model?: ModelReference,
      givenOptions: WithSnakeCase<PipelineOptions> = {},
    ) => {
      const custom = typeof given === 'object' ? given : undefined;
      const task = custom?.name ?? resolveTask(given as TaskName);
      const loading = checkedOptions<PipelineOptions>(givenOptions, pipelineChecks);
      const { dtype, revision, onProgress, signal, replicas = 1, isolate = false, priority = 'normal' } = loading;
      signal?.throwIfAborted();
      requireOpen();
      const location = await resolveModel(
        model ?? (custom ? model : await loadDefaultModel(task, options)),
        hub,
        revision,
      );
      signal?.throwIfAborted();
      requireOpen();
      const code = custom && { module: pageUrl(custom.module).href };
      const request: LoadRequest = { task, ...code, location, dtype, rules: rulesOf(loading) };
      const rules: HostingRules = {
        replicas: copyCount(replicas, options),
        concurrency: loading.concurrency ?? Infinity,
        isolate,
      };
      const handle = await host.load(request, rules, { signal, onEvent: onProgress });

      let gone: Promise<void> | undefined;
      const made = createPipeline(
        async (
          inputs,
          { signal: runSignal, priority: runPriority, onProgress: onRunProgress, ...runOptions },
          onChunk,
        ) => {
          const given = { signal: runSignal, priority: runPriority, onProgress: onRunProgress };
          const run = {
            priority,
            ...checkedOptions<RunOptions>(given, runChecks),
            inputs,
            options: runOptions,
            onChunk,
          };
          run.signal?.throwIfAborted();
          return runPrepared(options, handle, run);
        },
        {
          task,
          model: location.reference,
          plan: handle.plan,
          stats: () => handle.stats(),
          dispose: () => (gone ??= handle.dispose()),
        },
      );
      origins.set(made, { options, handle, isolate, priority });
      return made;
    }) as Client['pipeline'],

    async session(model, givenOptions) {
      requireOpen();
      const usual = new URL('./session.js', import.meta.url);
      const part = await loadPart<{ openSession: typeof openSession }>('session.js', usual, options);
      const perform: SessionParts['perform'] = (handle, run) => runPrepared(options, handle, run);
      return part.openSession({ host, hub, requireOpen, perform }, model, givenOptions);
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

async function loadDefaultModel(task: string, options: CheckedClientOptions): Promise<string> {
  const usual = new URL('./default-model.js', import.meta.url);
  const part = await loadPart<{ defaultModel: typeof defaultModel }>('default-model.js', usual, options);
  return part.defaultModel(task);
}

/** @throws InsituError `DEVICE_UNAVAILABLE` */
function requireWorkers(): void {
  if (typeof Worker !== 'undefined') return;
  throw new InsituError('DEVICE_UNAVAILABLE', 'There are no Web Workers here.', {
    hint: 'Call this in the browser, not on a server.',
  });
}
