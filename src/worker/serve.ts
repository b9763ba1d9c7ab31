import { disposed } from '../errors/disposed.ts';
import { InsituError } from '../errors/insitu-error.ts';
import { type LoadedPipeline, loadPipeline } from '../pipeline/load-pipeline.ts';
import type { DevicePlan } from '../protocol/device-plan.ts';
import { nextTask } from '../protocol/next-task.ts';
import type { StartRequest, WorkerApi } from '../protocol/worker-api.ts';
import { isInterrupted } from '../runtime/interrupted-error.ts';
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
        return { modelId, plan, bytes: monitor.bytes, heap, ...(interrupt && { interrupt }) };
      }),

    run: ({ modelId, input, options, priority }, { signal, transfer }) =>
      toReply(async () => {
        const slot = slots.get(modelId);
        if (!slot) throw disposed();
        const stopped = AbortSignal.any([signal, slot.unloading.signal]);
        const { value, transfer: buffers } = await slot.model.run(input, options, {
          signal: stopped,
          step: (work) => steps.run(priority, stopped, () => untilNotInterrupted(stopped, work)),
        });
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

const neverAborted = new AbortController().signal;

/** Locks and news are shared with other tabs only where the store is. */
function openSources({ store, refusal }: OpenedStore): WeightSources & Pick<OpenedStore, 'refusal'> {
  const alone = store.kind === 'memory';
  const locks = createFileLocks(alone ? null : undefined);
  const news = openNewsChannel(alone);
  return { store, locks, news, room: createRoomKeeper(store, locks), ...(refusal && { refusal }) };
}
