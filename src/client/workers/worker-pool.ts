import { disposed } from '../../errors/disposed.ts';
import type { InsituError } from '../../errors/insitu-error.ts';
import type { Priority } from '../../protocol/priority.ts';
import type { WorkerApi } from '../../protocol/worker-api.ts';
import type { SupervisedWorker, WorkerState } from './supervised-worker.ts';

/** A worker with models. */
export interface ModelWorker extends SupervisedWorker<WorkerApi> {
  /** Counts from 1 in each client. */
  readonly id: number;
  /** In a frame of its own, for one model. */
  readonly isolated: boolean;
  /** Models that are in it, or on their way into it. */
  seats: number;
  /** Bytes of its runtime's memory, when last told. */
  heap: number;
  /** Priorities of the runs it has in hand. */
  readonly running: Priority[];
}

export interface OpenOptions {
  isolated: boolean;
  /** The runtime is initialised before the first model comes. */
  warm: boolean;
  onState(state: WorkerState): void;
  onDeath(reason: InsituError): void;
}

/** The workers of a client. They start with their first model and end with their last: WebAssembly memory never shrinks. */
export interface WorkerPool {
  /** Those that live, without the spare. */
  readonly workers: readonly ModelWorker[];
  readonly spare: ModelWorker | undefined;
  /**
   * The worker for one model more, with a seat taken in it: an empty place of the pool while there is one, else the worker with the fewest
   * models. An isolated model gets a worker of its own.
   *
   * @param others Workers that have the model already.
   */
  place(options: { isolated: boolean; others: ReadonlySet<ModelWorker> }): ModelWorker;
  /** A model has left. The last one ends the worker; then this resolves when its memory is gone. */
  leave(worker: ModelWorker): Promise<void>;
  /** Sees that a spare is there for the next minute: a worker with an initialised runtime and no model. */
  warm(): void;
  /** Ends the spare. */
  cool(): Promise<void>;
  close(reason: InsituError): Promise<void>;
}

export interface PoolOptions {
  /** Most workers for models that are not isolated. */
  size: number;
  open(options: OpenOptions): SupervisedWorker<WorkerApi>;
  onState(worker: ModelWorker): void;
  onDeath(worker: ModelWorker, reason: InsituError): void;
}

/** A spare has memory of its own; a page that was calm for so long does not need it. */
const spareLifeMs = 60_000;

export function createWorkerPool({ size, open, onState, onDeath }: PoolOptions): WorkerPool {
  const workers = new Set<ModelWorker>();
  let spare: ModelWorker | undefined;
  let unused: ReturnType<typeof setTimeout> | undefined;
  let lastId = 0;

  const start = (isolated: boolean, warm: boolean): ModelWorker => {
    const supervised = open({
      isolated,
      warm,
      onState: () => onState(worker),
      onDeath(reason) {
        if (spare === worker) spare = undefined;
        workers.delete(worker);
        onDeath(worker, reason);
      },
    });
    const own = { id: ++lastId, isolated, seats: 0, heap: 0, running: [] };
    // The supervised worker's getters stay getters.
    const worker: ModelWorker = Object.defineProperties(own, Object.getOwnPropertyDescriptors(supervised)) as never;
    onState(worker);
    return worker;
  };
  const cool = async () => {
    clearTimeout(unused);
    await spare?.close(disposed());
  };
  const takeSpareOrStart = (isolated: boolean): ModelWorker => {
    const worker = !isolated && spare ? spare : start(isolated, false);
    if (worker === spare) spare = undefined;
    return worker;
  };

  return {
    get workers() {
      return [...workers];
    },
    get spare() {
      return spare;
    },
    place({ isolated, others }) {
      const shared = [...workers].filter((worker) => !worker.isolated && !worker.death && worker.state !== 'draining');
      const free = shared.filter((worker) => !others.has(worker)).sort((a, b) => a.seats - b.seats)[0];
      const grow = isolated || !free || (free.seats > 0 && shared.length < size);
      const worker = grow ? takeSpareOrStart(isolated) : free;
      workers.add(worker);
      worker.seats++;
      return worker;
    },
    async leave(worker) {
      if (--worker.seats === 0 && !worker.death) await worker.drain(disposed());
    },
    warm() {
      spare ??= start(false, true);
      clearTimeout(unused);
      unused = setTimeout(cool, spareLifeMs);
    },
    cool,
    async close(reason) {
      clearTimeout(unused);
      const all = [...workers, ...(spare ? [spare] : [])];
      await Promise.all(all.map((worker) => worker.close(reason)));
    },
  };
}
