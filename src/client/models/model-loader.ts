import { abortable } from '../../errors/abort.ts';
import { isInsituError } from '../../errors/insitu-error.ts';
import type { ByteSource, LoadEvent } from '../../protocol/load-event.ts';
import type { LoadRequest } from '../../protocol/worker-api.ts';
import type { Observe } from '../observe/observer.ts';
import { addTime } from '../observe/run-tally.ts';
import { isRetirement, retire } from '../workers/retirement.ts';
import type { ModelWorker, WorkerPool } from '../workers/worker-pool.ts';
import type { HostedModel, LoadListening, Seat } from './hosted-model.ts';
import { type MemoryKeeper, isOutOfMemory } from './memory-keeper.ts';

export interface LoaderParts {
  pool: Pick<WorkerPool, 'place' | 'leave'>;
  memory: Pick<MemoryKeeper, 'makeRoom' | 'exceeds' | 'unloadIdle'>;
  observe: Observe;
  /** The request as an isolated worker can serve it: with the files instead of their addresses. */
  bringFiles(request: LoadRequest, listening: LoadListening): Promise<LoadRequest>;
}

/** Puts one copy more of a model into a worker. */
export type FillSeat = (model: HostedModel, listening?: LoadListening) => Promise<Seat>;

/** How often a load is sent again because its worker had to be ended for another call's sake. */
const mostResends = 3;

export function createModelLoader({ pool, memory, observe, bringFiles }: LoaderParts): FillSeat {
  /** @throws InsituError; the signal's reason. */
  const attempt = async (model: HostedModel, worker: ModelWorker, listening: LoadListening): Promise<Seat> => {
    const refusal = new AbortController();
    const asked = listening.signal ? [listening.signal] : [];
    const signal = AbortSignal.any([...asked, refusal.signal, model.ending.signal]);
    let brought: ByteSource | undefined;
    const onEvent = (event: LoadEvent) => {
      listening.onEvent?.(event);
      // Nobody waits for files that have no worker to go to.
      if (worker.death) refusal.abort(worker.death);
      if ('file' in event && event.status !== 'initiate' && brought !== 'network') brought = event.source;
      if (event.status === 'stored' || event.status === 'not-stored' || refusal.signal.aborted) return;
      const tooLarge = memory.makeRoom(model, event.total);
      if (tooLarge) refusal.abort(tooLarge);
    };
    const { isolate } = model.rules;
    const request = isolate ? await bringFiles(model.request, { signal, onEvent }) : model.request;
    signal.throwIfAborted();
    const loading = worker.send('load', request, (event) => {
      if (!isolate) onEvent(event);
      // Of files that were brought, everything was told but the end.
      else if (event.status === 'ready') onEvent({ ...event, source: brought ?? event.source });
    });
    signal.addEventListener('abort', loading.abort, { once: true });
    try {
      const { modelId, takes, sampleRate, plan, bytes, heap, interrupt } = await abortable(loading.answer, signal);
      model.plan = plan;
      model.takes = takes;
      model.sampleRate = sampleRate;
      model.bytes = bytes;
      worker.heap = heap;
      return { worker, modelId, bytes, interrupt };
    } catch (error) {
      // The wish to stop may have come too late.
      keep(
        model,
        loading.answer.then(({ modelId }) => worker.call('unload', modelId)),
      );
      throw error;
    } finally {
      signal.removeEventListener('abort', loading.abort);
    }
  };

  /** One attempt in one worker, told to whoever watches. */
  const attemptObserved = async (model: HostedModel, listening: LoadListening): Promise<Seat> => {
    const start = performance.now();
    const others = new Set([...model.seats.map(({ worker }) => worker), ...model.filling]);
    const worker = pool.place({ isolated: model.rules.isolate, others });
    const { task, location } = model.request;
    const tell = (status: 'ok' | 'error' | 'aborted', error?: unknown) =>
      observe({
        type: 'load',
        task,
        model: location.reference,
        worker: worker.id,
        status,
        start,
        duration: performance.now() - start,
        bytes: model.bytes,
        ...(isInsituError(error) && { code: error.code, message: error.message }),
      });
    model.filling.add(worker);
    try {
      const seat = await attempt(model, worker, listening);
      model.seats.push(seat);
      // Of models that are loaded at the same time, none knows how large the others are.
      memory.makeRoom(model, 0);
      model.tally.loads++;
      addTime(model.tally.load, performance.now() - start);
      tell('ok');
      return seat;
    } catch (error) {
      tell(listening.signal?.aborted || model.ended ? 'aborted' : 'error', error);
      if (isOutOfMemory(error) && !memory.exceeds(model)) keep(model, retire(worker, error));
      keep(model, pool.leave(worker));
      throw error;
    } finally {
      model.filling.delete(worker);
    }
  };

  const fill = async (model: HostedModel, listening: LoadListening): Promise<Seat> => {
    let afterOutOfMemory = false;
    for (let resends = 0; ;) {
      await model.budget.admit(model.ending.signal);
      if (model.ended) throw model.ended;
      try {
        return await attemptObserved(model, listening);
      } catch (error) {
        if (model.ended) throw model.ended;
        listening.signal?.throwIfAborted();
        if (isOutOfMemory(error) && !afterOutOfMemory && !memory.exceeds(model)) {
          afterOutOfMemory = true;
          await memory.unloadIdle(model, 'out-of-memory');
        } else if (!(isRetirement(error) && ++resends <= mostResends)) {
          throw error;
        }
      }
    }
  };

  return (model, listening = {}) => {
    model.fillings++;
    const filling = fill(model, listening).finally(() => model.fillings--);
    keep(model, filling);
    return filling;
  };
}

/** A model is gone when nothing of its loads is left. */
function keep(model: HostedModel, work: Promise<unknown>): void {
  model.loads.add(work);
  void work.catch(() => {}).then(() => model.loads.delete(work));
}
