import type { InsituError } from '../../errors/insitu-error.ts';
import type { DevicePlan } from '../../protocol/device-plan.ts';
import type { LoadEvent } from '../../protocol/load-event.ts';
import type { InputKind, Interrupt, LoadRequest } from '../../protocol/worker-api.ts';
import type { ModelWorker } from '../workers/worker-pool.ts';
import { type RunTallyKeeper, createRunTally } from '../observe/run-tally.ts';
import { type RestartBudget, createRestartBudget } from './restart-budget.ts';

/** One copy of a model, in a worker. */
export interface Seat {
  worker: ModelWorker;
  modelId: number;
  /** Of the files it was made from. */
  bytes: number;
  /** How its runs are stopped between two operators, where that is possible. */
  interrupt: Interrupt | undefined;
}

/** How a model is to be hosted. */
export interface HostingRules {
  /** Workers that have a copy of it. */
  replicas: number;
  /** Most runs at a time. */
  concurrency: number;
  /** In a sandboxed frame, without network and storage. */
  isolate: boolean;
}

export interface LoadListening {
  signal?: AbortSignal | undefined;
  onEvent?: ((event: LoadEvent) => void) | undefined;
}

/** A model that the user has a handle of, whether it is in a worker or not. */
export interface HostedModel {
  readonly request: LoadRequest;
  readonly rules: HostingRules;
  readonly seats: Seat[];
  /** Workers it is on its way into. */
  readonly filling: Set<ModelWorker>;
  /** Seats that are being made, also those that still wait for a worker. */
  fillings: number;
  /** Loads under way, and what workers still have of those that ended. */
  readonly loads: Set<Promise<unknown>>;
  /** Its runs that are in workers. */
  running: number;
  /** Bytes of its files, when last loaded. */
  bytes: number;
  /** When it was last used, by `performance.now()`. */
  usedAt: number;
  /** When a copy beside others may be tried, by `performance.now()`: the last one failed. */
  copyAfter: number;
  plan: DevicePlan | undefined;
  /** What its task takes; known when it was loaded once. */
  takes: InputKind;
  sampleRate: number | undefined;
  readonly budget: RestartBudget;
  readonly tally: RunTallyKeeper;
  /** Aborts when it is no more, with the reason. */
  readonly ending: AbortController;
  /** Why it is no more. */
  readonly ended: InsituError | undefined;
}

export function createHostedModel(request: LoadRequest, rules: HostingRules): HostedModel {
  const ending = new AbortController();
  return {
    request,
    rules,
    seats: [],
    filling: new Set(),
    fillings: 0,
    loads: new Set(),
    running: 0,
    bytes: 0,
    usedAt: performance.now(),
    copyAfter: 0,
    plan: undefined,
    takes: 'text',
    sampleRate: undefined,
    budget: createRestartBudget(request.location.reference),
    tally: createRunTally(),
    ending,
    get ended() {
      return ending.signal.reason as InsituError | undefined;
    },
  };
}
