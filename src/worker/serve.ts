import { transfer } from 'comlink';
import { InsituError } from '../errors/insitu-error.ts';
import { type LoadedPipeline, loadPipeline } from '../pipeline/load-pipeline.ts';
import type { DevicePlan } from '../protocol/device-plan.ts';
import type { LoadEvent } from '../protocol/load-event.ts';
import type { StartRequest, WorkerApi } from '../protocol/worker-api.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createLoadMonitor } from '../weights/model/load-monitor.ts';
import { createRoomKeeper } from '../weights/admin/room-keeper.ts';
import { openModel } from '../weights/model/open-model.ts';
import type { WeightSources } from '../weights/model/remote-model.ts';
import type { OpenedStore } from '../weights/store/open-store.ts';
import { openNewsChannel } from '../weights/tabs/download-news.ts';
import { createFileLocks } from '../weights/tabs/file-locks.ts';
import { openCallPort } from './call-port.ts';
import { createQueue } from './queue.ts';
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
  const queue = createQueue();
  let started: Started | undefined;
  let lastModelId = 0;

  const begun = () => {
    if (!started) throw new InsituError('INTERNAL', 'The worker was not started.', { hint: 'Call `start` first.' });
    return started;
  };

  return {
    start: ({ threads, storage }) =>
      toReply(async () => {
        const plan = parts.plan(threads);
        const runtime = plan.then(parts.startRuntime);
        // Whoever loads a model sees this failure; it must not count as unhandled before that.
        runtime.catch(() => {});
        started = { plan, runtime, weights: parts.openStore(storage).then(openSources) };
        return null;
      }),

    load: (request, messagePort) =>
      toReply(async () => {
        const port = openCallPort<LoadEvent>(messagePort);
        try {
          const { runtime, ...starting } = begun();
          const [plan, { refusal, ...sources }] = await Promise.all([starting.plan, starting.weights]);
          const monitor = createLoadMonitor(port.notify);
          if (refusal && request.location.kind === 'remote') monitor.notStored(refusal);
          const model = await loadPipeline(request, {
            runtime,
            openModel: (location, rules, signal) => openModel(location, { ...sources, rules, monitor, signal }),
            monitor,
            plan,
            signal: port.signal,
          });
          const modelId = ++lastModelId;
          slots.set(modelId, { model, unloading: new AbortController() });
          port.answered();
          // Whether it is stored shows later.
          void model.kept.finally(port.close);
          return { modelId, plan };
        } catch (error) {
          port.close();
          throw error;
        }
      }),

    async run({ modelId, input, options }, messagePort) {
      let transferables: Transferable[] = [];
      const answer = await toReply(async () => {
        const port = openCallPort(messagePort);
        try {
          const slot = slots.get(modelId);
          if (!slot) throw disposed();
          const signal = AbortSignal.any([port.signal, slot.unloading.signal]);
          const result = await queue.add(signal, () => slot.model.run(input, options, { signal }));
          transferables = result.transfer;
          return result.value;
        } finally {
          port.close();
        }
      });
      return transfer(answer, transferables);
    },

    unload: (modelId) =>
      toReply(async () => {
        const slot = slots.get(modelId);
        slots.delete(modelId);
        slot?.unloading.abort(disposed());
        // In its turn, so that the model is not freed under a run.
        if (slot) await queue.add(neverAborted, () => slot.model.dispose());
        return null;
      }),
  };
}

const neverAborted = new AbortController().signal;

function disposed(): InsituError {
  return new InsituError('DISPOSED', 'This pipeline was disposed of.', { hint: 'Load it again with `pipeline()`.' });
}

/** Locks are shared with other tabs only where the store is. */
function openSources({ store, refusal }: OpenedStore): WeightSources & Pick<OpenedStore, 'refusal'> {
  const locks = createFileLocks(store.kind === 'memory' ? null : undefined);
  return { store, locks, news: openNewsChannel(), room: createRoomKeeper(store, locks), ...(refusal && { refusal }) };
}
