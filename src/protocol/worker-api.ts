import type { DevicePlan } from './device-plan.ts';
import type { LoadEvent } from './load-event.ts';
import type { FileRules, ModelLocation } from './model-location.ts';
import type { Method } from './method.ts';
import type { Priority } from './priority.ts';
import type { Task } from './task-map.ts';

/** How the weights of a model are stored: the suffix of its graph files. */
export type Dtype = 'fp32' | 'fp16' | 'q8' | 'int8' | 'uint8' | 'q4' | 'q4f16' | 'bnb4';

export interface StartRequest {
  /** Threads asked for, or `auto`. */
  threads: number | 'auto';
  /** Keep weights in the browser's storage, or only while the worker lives. */
  storage: 'indexeddb' | 'memory';
  /** Initialises the runtime now instead of with the first load: for a worker that waits to take another's place. */
  warm?: boolean;
}

export interface LoadRequest {
  task: Task;
  location: ModelLocation;
  dtype: Dtype | undefined;
  rules: FileRules;
}

/** A flag in the runtime's shared memory: where it is 1, a run stops before its next operator. */
export interface Interrupt {
  memory: WebAssembly.Memory;
  /** Of its byte. */
  address: number;
}

export interface LoadedModel {
  modelId: number;
  plan: DevicePlan;
  /** Bytes of the files it was made from. */
  bytes: number;
  /** Bytes of the runtime's memory in this worker, which never shrinks. */
  heap: number;
  /** Only on cross-origin isolated pages can memory be shared. */
  interrupt?: Interrupt;
}

export interface RunRequest {
  modelId: number;
  input: unknown;
  options: Readonly<Record<string, unknown>>;
  priority: Priority;
}

/** What a worker for models answers. */
export interface WorkerApi {
  /** Must be the first call. Starts the runtime, without waiting for it unless it shall be warm. */
  start: Method<StartRequest, null>;
  load: Method<LoadRequest, LoadedModel, LoadEvent>;
  run: Method<RunRequest, unknown>;
  unload: Method<number, null>;
}
