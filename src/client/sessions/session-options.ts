import type { LoadOptions } from '../load-options.ts';
import type { PipelineOptions } from '../pipeline.ts';
import type { ModelReference } from '../model-reference.ts';
import type { DevicePlan } from '../../protocol/device-plan.ts';
import type { Priority } from '../../protocol/priority.ts';
import type { GraphSignature, SessionTensor } from '../../protocol/session.ts';
import type { ModelStats } from '../observe/stats.ts';

/**
 * An ONNX model: what `pipeline()` takes, of which `file` names the graph; or the graph itself, as an address that ends in `.onnx`, a
 * file, a blob, or bytes.
 */
export type GraphReference = ModelReference | Blob | ArrayBuffer | Uint8Array<ArrayBuffer>;

/** Options of `createSession()`. */
export interface SessionOptions
  extends Omit<LoadOptions, 'dtype'>, Pick<PipelineOptions, 'device' | 'concurrency' | 'isolate' | 'priority'> {
  /** Path of the graph in the model's folder. @default 'onnx/model.onnx' */
  file?: string;
}

/** Options of one run of a session. */
export interface SessionRunOptions {
  /** Names of the outputs that are wanted: others are not computed where nothing wanted depends on them. @default all */
  outputs?: readonly string[];
  /**
   * Hands the inputs' arrays over instead of copying them: they are empty afterwards. Parts of larger arrays are copied all the same.
   * @default false
   */
  transfer?: boolean;
  /** Aborting rejects the run at once with `signal.reason` and stops it. */
  signal?: AbortSignal;
  /** @default 'normal' */
  priority?: Priority;
}

/** A graph that runs on tensors, in a worker. */
export interface Session extends GraphSignature {
  /** The model as it was named. */
  readonly model: string;
  /** The device it runs on, and why. */
  readonly plan: DevicePlan;
  /**
   * Computes outputs. Without `transfer`, the inputs must stay as they are until that is done.
   *
   * @param feeds A tensor for each of `inputs`, by its name.
   * @returns The outputs by their names.
   * @throws InsituError `INPUT_INVALID` where a tensor is missing, unknown, or not what the graph takes; `OPTION_INVALID`, `QUEUE_FULL`,
   * `OUT_OF_MEMORY`, `WORKER_CRASHED`, `WORKER_UNRESPONSIVE`, `MODEL_UNSUPPORTED`, `DISPOSED`; the signal's reason.
   */
  run(
    feeds: Readonly<Record<string, SessionTensor>>,
    options?: SessionRunOptions,
  ): Promise<Record<string, SessionTensor>>;
  /** What happened to its runs, and where it is. */
  stats(): Promise<ModelStats>;
  /** Frees the model; see `Pipeline.dispose`. */
  dispose(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
