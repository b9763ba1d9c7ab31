import { isInsituError } from '../../errors/insitu-error.ts';
import { type Priority, priorities } from '../../protocol/priority.ts';
import type { RunProgress } from '../../protocol/tasks/run-options.ts';
import type { RunEvent, RunRequest } from '../../protocol/worker-api.ts';
import type { Observe } from '../observe/observer.ts';
import { type AbortKind, addTime } from '../observe/run-tally.ts';
import { isRetirement, retire } from '../workers/retirement.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { type CallQueue, createCallQueue } from './call-queue.ts';
import type { HostedModel, Seat } from './hosted-model.ts';
import { type MemoryKeeper, isOutOfMemory } from './memory-keeper.ts';
import type { FillSeat } from './model-loader.ts';

export interface RunOfModel {
  /** See {@link RunRequest}. */
  job?: string | Blob | undefined;
  /** The arguments of the call, but the options. */
  inputs: readonly unknown[];
  /** What of the inputs changes threads without a copy: such a run can be sent once. */
  transfer?: Transferable[] | undefined;
  options: Readonly<Record<string, unknown>>;
  priority: Priority;
  signal?: AbortSignal | undefined;
  /** Hears pieces of the result; `taken` asks for more. A run that has told of some is not begun anew. */
  onChunk?: ((chunk: unknown, taken: () => void) => void) | undefined;
  onProgress?: ((progress: RunProgress) => void) | undefined;
  /** Whether its caller may abort it: if it takes long, a spare worker gets ready then. @default where there is a signal */
  abortable?: boolean;
}

interface QueuedRun extends RunOfModel {
  owner: HostedModel;
  calledAt: number;
  settled: boolean;
  /** It had no memory once. */
  retried: boolean;
  /** Its inputs are gone, or some of its result was given out: whoever began it may begin it anew. */
  spent: boolean;
  /** Rejects, and stops the work. */
  stop(reason: unknown): void;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** Brings runs to workers: the right one, in the right order. */
export interface Dispatcher {
  readonly waiting: number;
  /** Calls of a model that wait. */
  waitingFor(model: HostedModel): number;
  /** @throws InsituError `QUEUE_FULL`, `INPUT_INVALID`, `WORKER_CRASHED`, … what the worker answers; the signal's reason. */
  run(model: HostedModel, run: RunOfModel): Promise<unknown>;
  /** Something has changed: places what can be placed. */
  pump(): void;
  /** Rejects what waits for a model, and stops what runs. */
  drop(model: HostedModel, reason: unknown): void;
}

export interface DispatcherParts {
  /** Most calls that wait. */
  limit: number;
  /** Milliseconds that an aborted run has to stop by itself, before its worker is ended. @default 150, and until it is a second old */
  cancelGrace?: number | undefined;
  pool: Pick<WorkerPool, 'warm'>;
  memory: Pick<MemoryKeeper, 'unloadIdle'>;
  fillSeat: FillSeat;
  observe: Observe;
}

/** A run that lasts this long may have to be aborted by ending its worker, so a spare one gets ready to take over. */
const longRunMs = 400;

/** How long a model does with the copies it has after one more could not be loaded. */
const copyPauseMs = 30_000;

/** Milliseconds that an aborted run has by default, so that a busy machine can bring its answer. */
const defaultGraceMs = 150;

/** No run is ended before it is this old: it would soon be over, and its model has to be loaded anew, perhaps from the network. */
const youngRunMs = 1000;

/** A timer of more would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

const defaultGrace = (begun: number): number => Math.max(defaultGraceMs, youngRunMs - (performance.now() - begun));

const rank = (priority: Priority): number => priorities.indexOf(priority);

export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const { limit, cancelGrace, pool, memory, fillSeat, observe } = parts;
  const queue: CallQueue<QueuedRun> = createCallQueue(limit);
  const inWorkers = new Set<QueuedRun>();

  /** Where a run can go now. Where a model lacks copies, one is put into a worker meanwhile. */
  const place = ({ owner, priority }: QueuedRun): Seat | undefined => {
    if (owner.running >= owner.rules.concurrency) return undefined;
    // A run of higher priority gets in between the steps of another; an idle worker is better.
    const open = owner.seats.filter(({ worker }) => worker.running.every((other) => rank(other) > rank(priority)));
    const seat = open.sort((a, b) => a.worker.running.length - b.worker.running.length)[0];
    const copies = owner.seats.length + owner.fillings;
    const wanted = copies === 0 || (copies < owner.rules.replicas && performance.now() >= owner.copyAfter);
    if (!seat && wanted) void fill(owner);
    return seat;
  };

  const fill = async (model: HostedModel) => {
    try {
      await fillSeat(model);
    } catch (error) {
      if (model.seats.length + model.fillings === 0) dropWaiting(model, error);
      // The others still serve those who wait.
      else model.copyAfter = performance.now() + copyPauseMs;
    }
    pump();
  };

  const pump = () => {
    for (let next = queue.take(place); next; next = queue.take(place)) void perform(next.call, next.place);
  };

  const perform = async (run: QueuedRun, { worker, modelId, interrupt }: Seat): Promise<void> => {
    const {
      owner,
      job,
      inputs,
      options,
      priority,
      signal,
      onChunk,
      onProgress,
      abortable = signal !== undefined,
    } = run;
    const begun = performance.now();
    const waited = begun - run.calledAt;
    let grace: ReturnType<typeof setTimeout> | undefined;
    let how: AbortKind = 'step';
    owner.running++;
    owner.usedAt = begun;
    worker.running.push(priority);
    const warm = () => {
      // Where a worker ends with its last model, none takes its place.
      if (!owner.ended || worker.seats > 1) pool.warm();
    };
    const long = abortable && !interrupt ? setTimeout(warm, longRunMs) : undefined;
    const finish = (status: 'ok' | 'error' | 'aborted', error?: unknown) => {
      if (status === 'ok') owner.tally.answered++;
      else if (status === 'error') owner.tally.failed++;
      else owner.tally.aborted[how]++;
      addTime(owner.tally.wait, waited);
      addTime(owner.tally.run, performance.now() - begun);
      tell(run, status, { worker: worker.id, waited, ...(status === 'aborted' && { abort: how }) }, error);
    };
    const fail = (error: unknown) => {
      finish('error', error);
      settle(run, () => run.reject(error));
    };
    inWorkers.add(run);
    try {
      const heard = { stream: Boolean(onChunk), progress: Boolean(onProgress) };
      const request: RunRequest = { modelId, ...(job && { job }), inputs, options, priority, ...heard };
      const hear = (event: RunEvent, taken: () => void) => {
        if (run.settled) return;
        if (event.type === 'progress') return onProgress?.({ done: event.done, total: event.total });
        run.spent = true;
        onChunk?.(event.chunk, taken);
      };
      const sent = worker.send('run', request, hear, run.transfer);
      run.spent ||= Boolean(run.transfer?.length);
      run.stop = (reason) => {
        settle(run, () => run.reject(reason));
        sent.abort();
        if (interrupt) new Uint8Array(interrupt.memory.buffer)[interrupt.address] = 1;
        grace ??= setTimeout(
          () => {
            how = 'terminated';
            warm();
            void retire(worker, reason);
          },
          Math.min(cancelGrace ?? defaultGrace(begun), longestTimerMs),
        );
      };
      const value = await sent.answer;
      owner.budget.succeeded();
      finish(run.settled ? 'aborted' : 'ok');
      settle(run, () => run.resolve(value));
    } catch (error) {
      if (run.settled) finish('aborted');
      else if (isRetirement(error) && !run.spent) requeue(run);
      else if (isOutOfMemory(error) && !run.retried) {
        await makeRoom(run, worker, error);
        if (run.settled) finish('aborted');
        else if (run.spent) fail(error);
        else requeue(run);
      } else fail(error);
    } finally {
      clearTimeout(long);
      clearTimeout(grace);
      inWorkers.delete(run);
      owner.running--;
      worker.running.splice(worker.running.indexOf(priority), 1);
      pump();
    }
  };

  /** The runtime may have been left in any state, and its memory never shrinks: a fresh worker has all that can be had. */
  const makeRoom = async (run: QueuedRun, worker: Seat['worker'], error: unknown) => {
    run.retried = true;
    await Promise.all([retire(worker, error), memory.unloadIdle(run.owner, 'out-of-memory')]);
  };

  const settle = (run: QueuedRun, how: () => void) => {
    if (run.settled) return;
    run.settled = true;
    how();
  };

  const requeue = (run: QueuedRun) => {
    run.stop = (reason) => stopWaiting(run, reason);
    queue.putBack(run);
  };
  const stopWaiting = (run: QueuedRun, reason: unknown) => {
    queue.remove(run);
    run.owner.tally.aborted.queued++;
    tell(run, 'aborted', { abort: 'queued' });
    settle(run, () => run.reject(reason));
  };

  const tell = (run: QueuedRun, status: 'ok' | 'error' | 'aborted', more: object, error?: unknown) => {
    const { task, location } = run.owner.request;
    observe({
      type: 'run',
      task,
      model: location.reference,
      status,
      priority: run.priority,
      start: run.calledAt,
      duration: performance.now() - run.calledAt,
      waited: performance.now() - run.calledAt,
      ...more,
      ...(isInsituError(error) && { code: error.code, message: error.message }),
    });
  };

  const dropWaiting = (model: HostedModel, reason: unknown) => {
    for (const run of queue.removeOwner(model)) {
      run.owner.tally.failed++;
      tell(run, 'error', {}, reason);
      settle(run, () => run.reject(reason));
    }
  };

  return {
    get waiting() {
      return queue.size;
    },
    waitingFor: (model) => queue.count(model),
    async run(owner, { inputs, signal, ...given }) {
      signal?.throwIfAborted();
      let abort = () => {};
      try {
        return await new Promise((resolve, reject) => {
          const run: QueuedRun = {
            ...given,
            // What the caller does with the array while the run waits must not change it.
            inputs: inputs.map((input) => (Array.isArray(input) ? [...(input as unknown[])] : input)),
            signal,
            owner,
            calledAt: performance.now(),
            settled: false,
            retried: false,
            spent: false,
            stop: (reason) => stopWaiting(run, reason),
            resolve,
            reject,
          };
          queue.add(run);
          abort = () => run.settled || run.stop(signal!.reason);
          signal?.addEventListener('abort', abort, { once: true });
          pump();
        });
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    },
    pump,
    drop(model, reason) {
      dropWaiting(model, reason);
      for (const run of inWorkers) if (run.owner === model && !run.settled) run.stop(reason);
    },
  };
}
