import type { DevicePlan } from '../protocol/device-plan.ts';
import type { Task } from '../protocol/task-map.ts';
import type { RunOptions } from '../protocol/tasks/run-options.ts';
import type { Priority } from '../protocol/priority.ts';
import type { LoadOptions } from './load-options.ts';
import type { ModelStats } from './observe/stats.ts';
import { createResultStream } from './result-stream.ts';
import type { AudioCalls } from './tasks/audio-calls.ts';
import type { TextCalls } from './tasks/text-calls.ts';
import type { VisionCalls } from './tasks/vision-calls.ts';
import type { WritingCalls } from './tasks/writing-calls.ts';

/** Options of `pipeline()`. */
export interface PipelineOptions extends LoadOptions {
  /** @default 'wasm' */
  device?: 'wasm' | 'auto';
  /**
   * Copies of the model, each in a worker of its own; a batch is spread over them. `auto`: as many as `createClient()` has workers.
   * @default 1
   */
  replicas?: number | 'auto';
  /** Most calls of this pipeline that run at the same time; others can go on meanwhile. @default as many as can */
  concurrency?: number;
  /**
   * Runs the model in a sandboxed frame of no origin, without network, storage and access to the page: for models that you do not
   * trust. Its files are fetched and checked outside and handed in. Needs `frame-src 'self'` in a Content-Security-Policy.
   * @default false
   */
  isolate?: boolean;
  /** Of calls that name none. @default 'normal' */
  priority?: Priority;
}

/** How the pipeline of each task is called. */
export interface TaskCalls extends TextCalls, WritingCalls, VisionCalls, AudioCalls {}

/** What every pipeline has, whatever its task. */
export interface PipelineHandle<T extends string> {
  readonly task: T;
  /** The model as it was named. */
  readonly model: string;
  /** The device it runs on, and why. */
  readonly plan: DevicePlan;
  /** What happened to its calls, and where it is. */
  stats(): Promise<ModelStats>;
  /**
   * Frees the model; the worker ends with its last model, which gives its memory back. Resolves when that is done. Calls that wait or
   * run reject with `DISPOSED`, and so do later ones.
   */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A loaded model, called like a function.
 *
 * @throws InsituError `INPUT_INVALID`, `OPTION_INVALID`, `QUEUE_FULL`, `OUT_OF_MEMORY`, `WORKER_CRASHED`, `WORKER_UNRESPONSIVE`,
 * `MODEL_UNSUPPORTED`, `DISPOSED`; the signal's reason.
 */
export type Pipeline<T extends Task = Task> = TaskCalls[T] & PipelineHandle<T>;

/** Hears pieces of a result; `taken` asks for more. */
export type HearChunk = (chunk: unknown, taken: () => void) => void;

type GivenOptions = RunOptions & Record<string, unknown>;

/** @param onChunk Where the result is read piece by piece. */
type UntypedRun = (inputs: readonly unknown[], options: GivenOptions, onChunk?: HearChunk) => Promise<unknown>;

/** Gives a function the properties of a pipeline. The types of input and output are the contract of the worker's task. */
export function createPipeline(run: UntypedRun, handle: Omit<PipelineHandle<string>, symbol>): object {
  // Browsers without explicit resource management lack the symbol.
  const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');
  const call = async (...given: unknown[]) => run(...splitOptions(given));
  const stream = (...given: unknown[]) => {
    const [inputs, options] = splitOptions(given);
    return createResultStream(options.signal, (signal, onChunk) => run(inputs, { ...options, signal }, onChunk));
  };
  return Object.assign(call, handle, { stream, [asyncDispose]: handle.dispose });
}

/** Options come last, and no argument after the first looks like them. */
function splitOptions(given: readonly unknown[]): [inputs: readonly unknown[], options: GivenOptions] {
  const last = given.at(-1);
  const hasOptions = given.length > 1 && (last === undefined || (typeof last === 'object' && !Array.isArray(last)));
  return hasOptions ? [given.slice(0, -1), (last ?? {}) as GivenOptions] : [given, {}];
}
