import type { DevicePlan } from '../protocol/device-plan.ts';
import type { Task } from '../protocol/task-map.ts';
import type { Dtype, Interrupt } from '../protocol/worker-api.ts';
import type { OrtAssets } from './ort-assets.ts';

/** Values of a tensor, copied out of the runtime's memory. */
export interface TensorData {
  type: string;
  data: Float32Array;
  dims: number[];
}

/** Gives the files of a model by their path; `undefined` where there is none. */
export type FileSource = (path: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

export interface EngineRequest {
  task: Task;
  dtype: Dtype;
  files: FileSource;
}

/** A loaded text model: tokenizer, graph and post-processing. */
export interface TextEngine {
  /** Whether activations are rounded by the range of their whole run, so that texts of one batch touch each other's results. */
  readonly dynamicallyQuantised: boolean;
  /** Tokens of each text as the model will see them, special tokens included, after truncation. */
  tokenLengths(texts: readonly string[]): number[];
  /**
   * One run of the whole batch, padded to its longest text.
   *
   * @param options As transformers.js spells them.
   * @returns Its result, with each tensor as {@link TensorData}.
   * @throws InsituError `OUT_OF_MEMORY`, `MODEL_UNSUPPORTED`, `INTERNAL`.
   */
  run(texts: string[], options: Readonly<Record<string, unknown>>): Promise<unknown>;
  dispose(): Promise<void>;
}

/** What runs models. Started once in a worker; pipelines know it only by this interface. */
export interface Runtime {
  /** Bytes of its memory; 0 before it is initialised. WebAssembly memory never shrinks. */
  readonly heap: number;
  /** How another thread stops a run between two operators, once it is initialised. Such a run rejects with an `InterruptedError`. */
  readonly interrupt: Interrupt | undefined;
  /**
   * Initialises what the first load would. It keeps the worker busy for a tenth of a second: time to spare while weights are
   * downloaded, but not while they are read from the store. A failure shows with the first load; this never rejects.
   */
  prepare(): Promise<void>;
  /**
   * @throws InsituError `MODEL_INVALID`, `MODEL_UNSUPPORTED`, `OUT_OF_MEMORY`, `WORKER_START_FAILED`, `ASSET_IS_HTML`, and what
   * `files` throws.
   */
  load(request: EngineRequest): Promise<TextEngine>;
}

/** What the runtime's own bundle offers to the worker. */
export interface RuntimeModule {
  /**
   * Returns at once; the first load waits for the assets.
   *
   * @throws InsituError `DEVICE_UNAVAILABLE`
   */
  startRuntime(plan: DevicePlan, assets: OrtAssets): Runtime;
}
