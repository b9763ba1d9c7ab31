import { disposed } from '../errors/disposed.ts';
import { InsituError } from '../errors/insitu-error.ts';
import { performJob } from '../pipeline/perform-job.ts';
import type { RunContext } from '../pipeline/task-definition.ts';
import { type LoadedPipeline, loadPipeline } from '../pipeline/load-pipeline.ts';
import type { DevicePlan } from '../protocol/device-plan.ts';
import { nextTask } from '../protocol/next-task.ts';
import type { StartRequest, WorkerApi } from '../protocol/worker-api.ts';
import { isInterrupted } from '../runtime/onnx/interrupted-error.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createLoadMonitor } from '../weights/model/load-monitor.ts';
import { createRoomKeeper } from '../weights/store/room-keeper.ts';
import { openModel } from '../weights/model/open-model.ts';
import type { WeightSources } from '../weights/model/remote-model.ts';
import type { OpenedStore } from '../weights/store/open-store.ts';
import { openNewsChannel } from '../weights/tabs/download-news.ts';
import { createFileLocks } from '../weights/tabs/file-locks.ts';
import { createStepQueue } from './step-queue.ts';
import { toReply } from './to-reply.ts';

/** What the worker is made of. The entry gives the real parts, tests give others. */
export interface WorkerParts {
  plan(threads: StartRequest['threads']): Promise<DevicePlan>;
  startRuntime(plan: DevicePlan): Promise<Runtime>;
  openStore(storage: StartRequest['storage']): Promise<OpenedStore>;
}

interface ModelSlot {
  model: LoadedPipeline;
  /** Stops the model's runs when it is unloaded. */
  unloading: AbortController;
}

interface Started {
  plan: Promise<DevicePlan>;
  runtime: Promise<Runtime>;
  weights: Promise<WeightSources & Pick<OpenedStore, 'refusal'>>;
}

/** The worker's side of the protocol. */
export function createWorkerApi(parts: WorkerParts): WorkerApi {
  const slots = new Map<number, ModelSlot>();
  const steps = createStepQueue();
  let started: Started | undefined;
  let lastModelId = 0;

  const begun = () => {
    if (!started) throw new InsituError('INTERNAL', 'The worker was not started.', { hint: 'Call `start` first.' });
    return started;
  };

  return {
    start: ({ threads, storage, warm = false }) =>
      toReply(async () => {
        const plan = parts.plan(threads);
        const runtime = plan.then(parts.startRuntime);
        // Whoever loads a model sees this failure; it must not count as unhandled before that.
        runtime.catch(() => {});
        started = { plan, runtime, weights: parts.openStore(storage).then(openSources) };
        if (warm) await (await runtime).prepare();
        return null;
      }),

    load: (request, { signal, notify, lasts }) =>
      toReply(async () => {
        const { runtime, ...starting } = begun();
        const [plan, { refusal, ...sources }] = await Promise.all([starting.plan, starting.weights]);
        const monitor = createLoadMonitor(notify);
        if (refusal && request.location.kind === 'remote') monitor.notStored(refusal);
        const model = await loadPipeline(request, {
          runtime,
          openModel: (location, rules, ended) => openModel(location, { ...sources, rules, monitor, signal: ended }),
          monitor,
          plan,
          signal,
        });
        const modelId = ++lastModelId;
        slots.set(modelId, { model, unloading: new AbortController() });
        // Whether it is stored shows later.
        lasts(model.kept);
        const { heap, interrupt } = await runtime;
        const { takes, sampleRate } = model;
        return {
          modelId,
          takes,
          ...(sampleRate && { sampleRate }),
          plan,
          bytes: monitor.bytes,
          heap,
          ...(interrupt && { interrupt }),
        };
      }),

    run: ({ modelId, job, inputs, options, priority, stream, progress }, { signal, notify, keptUp, transfer }) =>
      toReply(async () => {
        const slot = slots.get(modelId);
        if (!slot) throw disposed();
        const stopped = AbortSignal.any([signal, slot.unloading.signal]);
        const pause = createPause();
        const context: RunContext = {
          signal: stopped,
          async step(work) {
            await pause();
            return steps.run(priority, stopped, () => untilNotInterrupted(stopped, work));
          },
          streaming: stream,
          emit: (chunk) => notify({ type: 'chunk', chunk }, 'to-be-taken'),
          keptUp: stream ? keptUp : async () => {},
          progress: progress ? (done, total) => notify({ type: 'progress', done, total }) : () => {},
        };
        const running = job ? performJob(job, inputs[0], context) : slot.model.run(inputs, options, context);
        const { value, transfer: buffers } = await running;
        transfer.push(...buffers);
        return value;
      }),

    unload: (modelId) =>
      toReply(async () => {
        const slot = slots.get(modelId);
        slots.delete(modelId);
        if (!slot) return null;
        slot.unloading.abort(disposed());
        // In its turn, so that the model is not freed under a run.
        await steps.run('interactive', neverAborted, () => slot.model.dispose());
        // Not in its turn: other models need not wait for the store.
        await slot.model.kept;
        return null;
      }),
  };
}

/**
 * The runtime computes without yielding. Between the steps of a run, an abort or a call of higher priority is let in; of short steps,
 * not between all, because that costs more than they do.
 */
function createPause(): () => Promise<void> {
  let last: number | undefined;
  return async () => {
    const now = performance.now();
    if (last !== undefined && now - last < longestUnheardMs) return;
    if (last !== undefined) await nextTask();
    last = performance.now();
  };
}

/** A run is interrupted for one call's sake, and may be another's. */
async function untilNotInterrupted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isInterrupted(error)) throw error;
      // The word whose call it was for was sent before.
      await nextTask();
      signal.throwIfAborted();
    }
  }
}

/** How long a run of many steps may go on without hearing the page. */
const longestUnheardMs = 4;

const neverAborted = new AbortController().signal;

/** Locks and news are shared with other tabs only where the store is. */
function openSources({ store, refusal }: OpenedStore): WeightSources & Pick<OpenedStore, 'refusal'> {
  const alone = store.kind === 'memory';
  const locks = createFileLocks(alone ? null : undefined);
  const news = openNewsChannel(alone);
  return { store, locks, news, room: createRoomKeeper(store, locks), ...(refusal && { refusal }) };
}
