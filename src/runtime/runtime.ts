import type { DevicePlan } from '../protocol/device-plan.ts';
import type { Dtype, Interrupt } from '../protocol/worker-api.ts';
import type { GraphSignature, SessionTensor } from '../protocol/session.ts';
import type { EngineImage, TaskEngine } from '../protocol/task-module.ts';
import type { OrtAssets } from './onnx/ort-assets.ts';

export type { EngineImage, RunSteps, TensorData } from '../protocol/task-module.ts';

/** Gives the files of a model by their path; `undefined` where there is none. */
export type FileSource = (path: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

/** Says why a model is none for a task; `undefined` for one that may be. transformers.js takes any model whose kind it knows. */
export type FitCheck = (model: ModelFacts) => string | undefined;

/** What a model says of itself. */
export interface ModelFacts {
  /** Its `config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of what its graphs give. */
  readonly outputs: readonly string[];
}

export interface EngineRequest {
  /** As transformers.js names it. */
  task: string;
  /** Of each graph by its name, without dtype suffix and ending. */
  dtypes: Readonly<Record<string, Dtype>>;
  files: FileSource;
  /** A model that does not fit is freed, and refused with `MODEL_UNSUPPORTED`. */
  fits?: FitCheck | undefined;
}

/** An image whose pixels are read when they are first asked for: a model that sees it smaller needs not all of them. */
export interface DrawnImage extends EngineImage {
  /** Shows it; `undefined` once its pixels were asked for, because they may have been changed. */
  readonly canvas?: OffscreenCanvas | undefined;
}

/** A loaded model. */
export interface Engine extends TaskEngine {
  dispose(): Promise<void>;
}

/** A graph without anything around it. */
export interface GraphSession extends GraphSignature {
  /**
   * Computes without yielding.
   *
   * @param feeds A tensor for each of `inputs`, that fits it.
   * @param wanted Names of outputs. @default all
   * @throws InsituError `OUT_OF_MEMORY`, `MODEL_UNSUPPORTED`, `INTERNAL`
   */
  run(
    feeds: Readonly<Record<string, SessionTensor>>,
    wanted?: readonly string[],
  ): Promise<Record<string, SessionTensor>>;
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
  load(request: EngineRequest): Promise<Engine>;
  /** @throws InsituError as `load` does. */
  openGraph(graph: Uint8Array<ArrayBuffer>): Promise<GraphSession>;
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
