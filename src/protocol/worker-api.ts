import type { DevicePlan } from './device-plan.ts';
import type { FileRules, ModelLocation } from './model-location.ts';
import type { Reply } from './reply.ts';
import type { Task } from './task-map.ts';

/** How the weights of a model are stored: the suffix of its graph files. */
export type Dtype = 'fp32' | 'fp16' | 'q8' | 'int8' | 'uint8' | 'q4' | 'q4f16' | 'bnb4';

export interface StartRequest {
  /** Threads asked for, or `auto`. */
  threads: number | 'auto';
  /** Keep weights in the browser's storage, or only while the worker lives. */
  storage: 'indexeddb' | 'memory';
}

export interface LoadRequest {
  task: Task;
  location: ModelLocation;
  dtype: Dtype | undefined;
  rules: FileRules;
}

export interface LoadedModel {
  modelId: number;
  plan: DevicePlan;
}

export interface RunRequest {
  modelId: number;
  input: unknown;
  options: Readonly<Record<string, unknown>>;
}

/** What a worker answers. Unary calls only; what flows beside a call goes through its {@link CallPort}. */
export interface WorkerApi {
  /** Must be the first call. Starts the runtime without waiting for it. */
  start(request: StartRequest): Promise<Reply<null>>;
  load(request: LoadRequest, port: MessagePort): Promise<Reply<LoadedModel>>;
  run(request: RunRequest, port: MessagePort | undefined): Promise<Reply<unknown>>;
  unload(modelId: number): Promise<Reply<null>>;
}

/** From the page to the worker, on the port of one call. */
export type CallControl = { type: 'abort' };

/** From the worker to the page, on the port of one call. */
export type CallNotice<Event> =
  | { type: 'event'; event: Event }
  /** What belongs before the answer was told. The answer itself takes another way and may overtake the last events. */
  | { type: 'answered' }
  /** Nothing follows. */
  | { type: 'end' };
