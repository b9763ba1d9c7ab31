import type { DevicePlan } from './device-plan.ts';
import type { LoadEvent } from './load-event.ts';
import type { FileRules, ModelLocation } from './model-location.ts';
import type { Method } from './method.ts';
import type { Priority } from './priority.ts';

/** In the order in which they are tried. */
export const dtypes = ['q8', 'int8', 'uint8', 'fp32', 'q4', 'fp16', 'q4f16', 'bnb4'] as const;

/** How the weights of a model are stored: the suffix of its graph files. */
export type Dtype = (typeof dtypes)[number];

/** One for all graphs of a model, or of each by its name (`encoder_model`, `decoder_model_merged`, …). */
export type AskedDtype = Dtype | Readonly<Record<string, Dtype>>;

/** What a task's first argument is made of: it tells the page how to prepare it. `live-audio` is sound, also while it is made. */
export type InputKind = 'text' | 'image' | 'audio' | 'live-audio';

export interface StartRequest {
  /** Threads asked for, or `auto`. */
  threads: number | 'auto';
  /** Keep weights in the browser's storage, or only while the worker lives. */
  storage: 'indexeddb' | 'memory';
  /** Initialises the runtime now instead of with the first load: for a worker that waits to take another's place. */
  warm?: boolean;
}

export interface LoadRequest {
  /** Unknown ones are refused by the worker, which knows them all. */
  task: string;
  /** Of a task of the application: the address of its code, or for workers that can fetch nothing the code itself. */
  module?: string | Blob;
  /** Of a session: the path of the graph, which runs on tensors of the page. */
  graph?: string;
  location: ModelLocation;
  dtype: AskedDtype | undefined;
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
  takes: InputKind;
  /** Samples a second that it hears, where it takes sound. */
  sampleRate?: number;
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
  /** Work beside the model, in its turn: address of the script that does it, or the script itself for workers that can fetch nothing. */
  job?: string | Blob;
  /** The arguments of the call, but the options. */
  inputs: readonly unknown[];
  options: Readonly<Record<string, unknown>>;
  priority: Priority;
  /** Somebody reads the result piece by piece. */
  stream: boolean;
  /** Somebody wants to know how many inputs are finished. */
  progress: boolean;
}

/** What a run tells before it answers. */
export type RunEvent =
  | { type: 'chunk'; chunk: unknown }
  /** So many of the inputs are finished. */
  | { type: 'progress'; done: number; total: number };

/** What a worker for models answers. */
export interface WorkerApi {
  /** Must be the first call. Starts the runtime, without waiting for it unless it shall be warm. */
  start: Method<StartRequest, null>;
  load: Method<LoadRequest, LoadedModel, LoadEvent>;
  run: Method<RunRequest, unknown, RunEvent>;
  unload: Method<number, null>;
}
