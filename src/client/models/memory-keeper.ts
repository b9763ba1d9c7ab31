import { InsituError, isInsituError } from '../../errors/insitu-error.ts';
import type { Observe } from '../observe/observer.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { HostedModel } from './hosted-model.ts';

/** Sees that models fit: those that nobody uses leave their workers, and come back with their next call. */
export interface MemoryKeeper {
  /** Bytes of the files of all models in workers. */
  readonly bytes: number;
  /**
   * Unloads what was not used for longest, until a model of so many bytes fits into the budget.
   *
   * @returns Why it never will.
   */
  makeRoom(model: HostedModel, bytes: number): InsituError | undefined;
  /** Whether the model alone is larger than the budget. */
  exceeds(model: HostedModel): boolean;
  /** Unloads all models that nobody uses, but this. */
  unloadIdle(besides: HostedModel, reason: 'budget' | 'out-of-memory'): Promise<void>;
  /** Takes a model out of its workers. Resolves when its memory is free. */
  unload(model: HostedModel): Promise<void>;
}

export interface MemoryParts {
  /** Bytes that the files of models in workers may have together. */
  budget: number;
  models: ReadonlySet<HostedModel>;
  pool: Pick<WorkerPool, 'leave'>;
  observe: Observe;
  /** Whether anybody waits for it. */
  wanted(model: HostedModel): boolean;
}

export const isOutOfMemory = (error: unknown): error is InsituError =>
  isInsituError(error) && error.code === 'OUT_OF_MEMORY';

export function createMemoryKeeper({ budget, models, pool, observe, wanted }: MemoryParts): MemoryKeeper {
  const bytesOf = ({ seats }: HostedModel) => seats.reduce((sum, { bytes }) => sum + bytes, 0);
  const total = () => [...models].reduce((sum, model) => sum + bytesOf(model), 0);
  const isIdle = (model: HostedModel) =>
    model.seats.length > 0 && model.running === 0 && model.fillings === 0 && !wanted(model);
  const idleBesides = (besides: HostedModel) =>
    [...models].filter((model) => model !== besides && isIdle(model)).sort((a, b) => a.usedAt - b.usedAt);

  const unload = async (model: HostedModel): Promise<void> => {
    const seats = model.seats.splice(0);
    await Promise.all(
      seats.map(async ({ worker, modelId }) => {
        // A worker that dies meanwhile has freed everything.
        await worker.call('unload', modelId).catch(() => {});
        await pool.leave(worker);
      }),
    );
  };
  const evict = (model: HostedModel, reason: 'budget' | 'out-of-memory'): Promise<void> => {
    const { task, location } = model.request;
    observe({ type: 'unload', task, model: location.reference, bytes: bytesOf(model), reason });
    return unload(model);
  };

  return {
    get bytes() {
      return total();
    },
    makeRoom(model, bytes) {
      if (bytes > budget) {
        model.bytes = bytes;
        return tooLarge(model, bytes, budget);
      }
      for (const idle of idleBesides(model)) {
        if (total() + bytes <= budget) break;
        void evict(idle, 'budget');
      }
      return undefined;
    },
    exceeds: ({ bytes }) => bytes > budget,
    async unloadIdle(besides, reason) {
      await Promise.all(idleBesides(besides).map((model) => evict(model, reason)));
    },
    unload,
  };
}

function tooLarge({ request }: HostedModel, bytes: number, budget: number): InsituError {
  const mega = (count: number) => `${(count / 1e6).toFixed(1)} MB`;
  return new InsituError(
    'OUT_OF_MEMORY',
    `${request.location.reference} has ${mega(bytes)}, and the client's memoryBudget is ${mega(budget)}.`,
    { hint: 'Raise `memoryBudget` of `createClient`, or load a smaller dtype.' },
  );
}
