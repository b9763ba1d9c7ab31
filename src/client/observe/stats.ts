import type { HostedModel } from '../models/hosted-model.ts';
import type { WorkerState } from '../workers/supervised-worker.ts';
import type { ModelWorker, WorkerPool } from '../workers/worker-pool.ts';
import type { RunTally } from './run-tally.ts';

/** A worker of a client. */
export interface WorkerStats {
  id: number;
  state: WorkerState;
  /** Models in it. */
  models: number;
  /** Calls it has not answered. */
  calls: number;
  /** Bytes of its runtime's memory when a model was last loaded into it. */
  heap: number;
  /** In a sandboxed frame. */
  isolated: boolean;
  /** It has no model yet and waits to take another's place. */
  spare: boolean;
}

/** A model of a client, and what happened to it. Times are milliseconds. */
export interface ModelStats extends RunTally {
  task: string;
  model: string;
  /** `unloaded`: its next call loads it again. */
  state: 'loading' | 'loaded' | 'unloaded';
  /** Copies that are in workers. */
  replicas: number;
  /** Bytes of its files, for each copy. */
  bytes: number;
  /** Calls in workers, and calls that wait for one. */
  running: number;
  waiting: number;
}

/** What a client has and does. */
export interface ClientStats {
  workers: WorkerStats[];
  models: ModelStats[];
  /** Bytes of the files of all models in workers: what `memoryBudget` limits. */
  bytes: number;
  /** Bytes of all workers' runtimes. */
  heap: number;
  queue: { waiting: number; running: number; limit: number };
  /** Whose workers they are; see `shared` of `createClient()`. */
  tab: 'own' | 'owner' | 'guest' | 'alone';
}

export type HostStats = Omit<ClientStats, 'tab'>;

export function readModelStats(model: HostedModel, waiting: number): ModelStats {
  const { request, seats, fillings, bytes, running, tally } = model;
  return {
    // A copy: what was read does not change any more.
    ...structuredClone(tally),
    task: request.task,
    model: request.location.reference,
    state: seats.length > 0 ? 'loaded' : fillings > 0 ? 'loading' : 'unloaded',
    replicas: seats.length,
    bytes,
    running,
    waiting,
  };
}

export function readHostStats(
  models: ReadonlySet<HostedModel>,
  pool: Pick<WorkerPool, 'workers' | 'spare'>,
  bytes: number,
  queue: { waiting: number; waitingFor(model: HostedModel): number },
  limit: number,
): HostStats {
  const of = (worker: ModelWorker, spare: boolean): WorkerStats => ({
    id: worker.id,
    state: worker.state,
    models: worker.seats,
    calls: worker.waiting,
    heap: worker.heap,
    isolated: worker.isolated,
    spare,
  });
  const workers = pool.workers.map((worker) => of(worker, false));
  if (pool.spare) workers.push(of(pool.spare, true));
  return {
    workers,
    models: [...models].map((model) => readModelStats(model, queue.waitingFor(model))),
    bytes,
    heap: workers.reduce((sum, { heap }) => sum + heap, 0),
    queue: {
      waiting: queue.waiting,
      running: [...models].reduce((sum, { running }) => sum + running, 0),
      limit,
    },
  };
}
