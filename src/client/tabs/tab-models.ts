import { abortable } from '../../errors/abort.ts';
import { disposed } from '../../errors/disposed.ts';
import type { InsituError } from '../../errors/insitu-error.ts';
import type { DevicePlan } from '../../protocol/device-plan.ts';
import type { LoadEvent } from '../../protocol/load-event.ts';
import { type ErrorRecord, toErrorRecord } from '../../protocol/reply.ts';
import type { InputKind, LoadRequest, RunEvent } from '../../protocol/worker-api.ts';
import type { HostingRules } from '../models/hosted-model.ts';
import type { ModelHandle, ModelHost } from '../models/model-host.ts';
import { eventWithReason, planWithReason } from './plan-reason.ts';
import { createSteadyListener } from './steady-listener.ts';
import { crashed } from '../workers/connection.ts';
import type { TabCalls } from './tab-calls.ts';
import type { SharedRun } from './tab-messages.ts';

/** The models that this tab uses, wherever they are. */
export interface TabModels {
  readonly size: number;
  load: ModelHost['load'];
  /** Asks an owner, who knows of none, for all of them. */
  askForAll(): void;
  hear(model: number, event: LoadEvent): void;
  /** Ends the use of all of them. Resolves when the owner has freed what nobody else uses. */
  close(reason: InsituError): Promise<unknown>;
}

export interface TabModelsParts {
  calls: TabCalls;
  toError(record: ErrorRecord): InsituError;
  /** Says whose workers a model is in. */
  reason(): string;
  /** One of them is gone. */
  onGone(): void;
}

interface TabModel {
  readonly id: number;
  readonly request: LoadRequest;
  readonly rules: HostingRules;
  readonly hear: (event: LoadEvent) => void;
  /** The present owner was asked for it. */
  asked: boolean;
  plan: DevicePlan | undefined;
  takes: InputKind;
  sampleRate: number | undefined;
  /** Its first load. */
  readonly first: Deferred;
  /** Why it is no more. */
  ended: InsituError | undefined;
}

export function createTabModels({ calls, toError, reason, onGone }: TabModelsParts): TabModels {
  const models = new Map<number, TabModel>();
  let last = 0;

  const ask = async (model: TabModel): Promise<void> => {
    const { id, request, rules, first } = model;
    model.asked = true;
    try {
      const { plan, takes, sampleRate } = await calls.call(
        'load',
        { model: id, request, rules },
        { of: model, lapse: () => {} },
      );
      model.plan = planWithReason(plan, reason());
      model.takes = takes;
      model.sampleRate = sampleRate;
      first.resolve();
    } catch (error) {
      // Its next call asks once more.
      model.asked = false;
      first.reject(error);
    }
  };
  const askIfNeeded = (model: TabModel) => {
    if (calls.connected && !model.asked) void ask(model);
  };

  const end = async (model: TabModel, why: InsituError): Promise<void> => {
    model.ended = why;
    model.first.reject(why);
    models.delete(model.id);
    calls.reject(why, model);
    // An owner that is gone has freed it, and one that failed to load it has nothing.
    if (calls.connected && model.asked) await calls.call('dispose', model.id, { lapse: (resolve) => resolve(null) });
    onGone();
  };
  const endByTab = (model: TabModel) => {
    const why = disposed(`The pipeline of ${model.request.location.reference} was disposed of.`);
    return end(model, toError(toErrorRecord(why)));
  };

  const handleOf = (model: TabModel): ModelHandle => ({
    get plan() {
      return model.plan!;
    },
    get takes() {
      return model.takes;
    },
    get sampleRate() {
      return model.sampleRate;
    },
    async run({ signal, job, inputs, options, priority, onChunk, onProgress }) {
      if (model.ended) throw model.ended;
      signal?.throwIfAborted();
      askIfNeeded(model);
      let heard = false;
      const onEvent = (event: RunEvent, taken: () => void) => {
        if (event.type === 'progress') return onProgress?.({ done: event.done, total: event.total });
        heard = true;
        onChunk?.(event.chunk, taken);
      };
      const spent = () =>
        heard ? toError(toErrorRecord(crashed('The tab that had the model was closed.'))) : undefined;
      const run: SharedRun = {
        model: model.id,
        ...(job && { job }),
        inputs,
        options,
        priority,
        abortable: signal !== undefined,
        stream: Boolean(onChunk),
        progress: Boolean(onProgress),
      };
      return calls.call('run', run, { signal, of: model, onEvent, spent });
    },
    async stats() {
      if (model.ended) throw model.ended;
      askIfNeeded(model);
      return calls.call('modelStats', model.id, { of: model });
    },
    async dispose() {
      if (!model.ended) await endByTab(model);
    },
  });

  return {
    get size() {
      return models.size;
    },
    async load(request, rules, { signal, onEvent }) {
      const model: TabModel = {
        id: ++last,
        request,
        rules,
        hear: createSteadyListener(onEvent && ((event) => onEvent(eventWithReason(event, reason())))),
        asked: false,
        plan: undefined,
        takes: 'text',
        sampleRate: undefined,
        first: createDeferred(),
        ended: undefined,
      };
      models.set(model.id, model);
      askIfNeeded(model);
      try {
        await abortable(model.first.promise, signal);
      } catch (error) {
        if (!model.ended) void endByTab(model);
        throw error;
      }
      return handleOf(model);
    },
    askForAll() {
      for (const model of models.values()) void ask(model);
    },
    hear: (id, event) => models.get(id)?.hear(event),
    close: (why) => Promise.all([...models.values()].map((model) => end(model, why))),
  };
}

interface Deferred {
  promise: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

function createDeferred(): Deferred {
  let resolve = () => {};
  let reject: Deferred['reject'] = () => {};
  const promise = new Promise<void>((...settle) => ([resolve, reject] = settle));
  // Who waited may have been told otherwise.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
