import { abortable } from '../../errors/abort.ts';
import { disposed } from '../../errors/disposed.ts';
import type { ErrorCode, InsituError } from '../../errors/insitu-error.ts';
import type { DevicePlan } from '../../protocol/device-plan.ts';
import type { InputKind, LoadRequest } from '../../protocol/worker-api.ts';
import type { Observe } from '../observe/observer.ts';
import { type HostStats, type ModelStats, readHostStats, readModelStats } from '../observe/stats.ts';
import { isRetirement } from '../workers/retirement.ts';
import { type OpenOptions, createWorkerPool } from '../workers/worker-pool.ts';
import type { SupervisedWorker } from '../workers/supervised-worker.ts';
import type { WorkerApi } from '../../protocol/worker-api.ts';
import { type DispatcherParts, type RunOfModel, createDispatcher } from './dispatcher.ts';
import { type HostedModel, type HostingRules, type LoadListening, createHostedModel } from './hosted-model.ts';
import { createMemoryKeeper } from './memory-keeper.ts';
import { type LoaderParts, createModelLoader } from './model-loader.ts';
import type { SpreadRun } from './spread-run.ts';

/** A model that is hosted, as its user has it. */
export interface ModelHandle {
  readonly plan: DevicePlan;
  readonly takes: InputKind;
  /** Samples a second that it hears, where it takes sound. */
  readonly sampleRate?: number | undefined;
  run(run: RunOfModel): Promise<unknown>;
  stats(): Promise<ModelStats>;
  /** Resolves when its memory is free. */
  dispose(): Promise<void>;
}

/** Where models live: in workers of this page, or of another tab. */
export interface ModelHost {
  load(request: LoadRequest, rules: HostingRules, listening: LoadListening): Promise<ModelHandle>;
  stats(): Promise<HostStats>;
  close(reason: InsituError): Promise<void>;
}

export interface HostOptions {
  workers: number;
  maxQueue: number;
  memoryBudget: number;
  cancelGrace?: DispatcherParts['cancelGrace'];
}

export interface HostParts {
  open(options: OpenOptions): SupervisedWorker<WorkerApi>;
  bringFiles: LoaderParts['bringFiles'];
  /** What spreads a batch over copies of a model. */
  loadSpread(): Promise<SpreadRun>;
  observe: Observe;
}

/** Deaths that a model may be to blame for: not that a worker could not be started. */
const killers: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['WORKER_CRASHED', 'WORKER_UNRESPONSIVE']);

/** Hosts models in workers of this page. */
export function createModelHost(options: HostOptions, { open, bringFiles, loadSpread, observe }: HostParts): ModelHost {
  const models = new Set<HostedModel>();
  let closed: InsituError | undefined;

  const pool = createWorkerPool({
    size: options.workers,
    open,
    onState({ id, state }) {
      // Its end is told below, with the reason.
      if (state !== 'dead') observe({ type: 'worker', worker: id, state });
    },
    onDeath(worker, reason) {
      const asked = isRetirement(reason) || reason.code === 'DISPOSED';
      for (const model of models) {
        const lost = model.seats.filter((seat) => seat.worker === worker);
        for (const seat of lost) model.seats.splice(model.seats.indexOf(seat), 1);
        const involved = model.filling.has(worker) || (lost.length > 0 && model.running > 0);
        if (!asked && involved && killers.has(reason.code)) model.budget.died(reason);
      }
      const why = asked ? {} : { code: reason.code, message: reason.message };
      observe({ type: 'worker', worker: worker.id, state: 'dead', ...why });
      // What was in hand is rejected first.
      queueMicrotask(dispatcher.pump);
    },
  });
  const memory = createMemoryKeeper({
    budget: options.memoryBudget,
    models,
    pool,
    observe,
    wanted: (model) => dispatcher.waitingFor(model) > 0,
  });
  const fillSeat = createModelLoader({ pool, memory, observe, bringFiles });
  const { maxQueue: limit, cancelGrace } = options;
  const dispatcher = createDispatcher({ limit, cancelGrace, pool, memory, fillSeat, observe });

  const end = async (model: HostedModel, reason: InsituError) => {
    model.ending.abort(reason);
    models.delete(model);
    dispatcher.drop(model, reason);
    const cooling = models.size === 0 && pool.cool();
    do await Promise.allSettled([memory.unload(model), ...model.loads, cooling]);
    while (model.loads.size > 0 || model.seats.length > 0);
  };

  return {
    async load(request, rules, listening) {
      if (closed) throw closed;
      const { location } = request;
      const model = createHostedModel(request, rules);
      models.add(model);
      // Whether the parts of an input can be computed apart, only the application's own code knows.
      const spreading = rules.replicas > 1 && !request.module ? loadSpread() : undefined;
      // The load shows its failure; it must not count as unhandled before that.
      spreading?.catch(() => {});
      let spread: SpreadRun | undefined;
      try {
        await fillSeat(model, listening);
        spread = await spreading;
        // The others read what the first has stored; without them it serves alone.
        const { signal } = listening;
        const more = Array.from({ length: rules.replicas - 1 }, () =>
          fillSeat(model, { signal }).then(dispatcher.pump),
        );
        await abortable(Promise.allSettled(more), signal);
        if (model.ended) throw model.ended;
      } catch (error) {
        void end(model, closed ?? disposed(`${location.reference} was not loaded.`));
        listening.signal?.throwIfAborted();
        throw closed ?? error;
      }
      return {
        get plan() {
          return model.plan!;
        },
        get takes() {
          return model.takes;
        },
        get sampleRate() {
          return model.sampleRate;
        },
        async run(run) {
          if (model.ended) throw model.ended;
          const perform = (part: RunOfModel) => dispatcher.run(model, part);
          return spread ? spread(run, rules.replicas, perform) : perform(run);
        },
        stats: async () => readModelStats(model, dispatcher.waitingFor(model)),
        dispose: () => end(model, disposed(`The pipeline of ${location.reference} was disposed of.`)),
      };
    },
    stats: async () => readHostStats(models, pool, memory.bytes, dispatcher, limit),
    async close(reason) {
      closed = reason;
      const gone = pool.close(reason);
      for (const model of models) dispatcher.drop(model, reason);
      for (const model of models) model.ending.abort(reason);
      models.clear();
      await gone;
    },
  };
}
