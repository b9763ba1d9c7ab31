import type { DevicePlan } from '../protocol/device-plan.ts';
import type { Dtype, Interrupt } from '../protocol/worker-api.ts';
import type { OrtAssets } from './ort-assets.ts';

/** Values of a tensor, copied out of the runtime's memory. */
export interface TensorData {
  type: string;
  data: Float32Array<ArrayBuffer> | Int8Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
  dims: number[];
}

/** Gives the files of a model by their path; `undefined` where there is none. */
export type FileSource = (path: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

export interface EngineRequest {
  /** As transformers.js names it. */
  task: string;
  /** Of each graph by its name, without dtype suffix and ending. */
  dtypes: Readonly<Record<string, Dtype>>;
  files: FileSource;
}

/** Pixels for a model: RGBA, row by row. */
export interface EngineImage {
  pixels: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
}

/** How a run goes about its steps. */
export interface RunSteps {
  /** Runs a graph, or whatever else keeps the worker busy, in its turn. Throws when the run is to stop. */
  step<T>(work: () => Promise<T>): Promise<T>;
}

/** What is heard of a text while it is written. */
export interface WritingListener {
  /** A piece of whole characters. */
  onText(piece: string): void;
}

/** What was written, and at what cost. */
export interface WrittenByEngine {
  /** As the pipeline of transformers.js gives it. */
  value: unknown;
  /** The new text, cut at a stop sequence. */
  text: string;
  /** UTF-16 units that the pipeline has beyond a stop sequence. */
  beyondStop: number;
  promptTokens: number;
  completionTokens: number;
  finishReason: 'stop' | 'length';
}

/** A loaded model: tokenizer or processor, graphs, and post-processing. */
export interface Engine {
  /** Whether activations are rounded by the range of their whole run, so that texts of one batch touch each other's results. */
  readonly dynamicallyQuantised: boolean;
  /** The model's `config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Samples for a second that its processor takes; `undefined` where it hears nothing. */
  readonly sampleRate: number | undefined;
  /** Tokens of each text as the model will see them, special tokens included, after truncation. */
  tokenLengths(texts: readonly string[]): number[];
  /** Tokens of a text as the model will see them, special tokens included, after truncation. */
  tokenIds(text: string): number[];
  /** Text of tokens, without special ones. */
  decode(ids: readonly number[]): string;
  /** What stands for a missing word; `undefined` where there is none. */
  readonly maskToken: string | undefined;
  /**
   * One run of the graph on pairs of texts, padded to the longest.
   *
   * @returns What the graph gives, by its names.
   */
  forward(texts: readonly string[], pairs: readonly string[], steps: RunSteps): Promise<Record<string, TensorData>>;
  /**
   * One run of the pipeline of transformers.js.
   *
   * @param inputs Its arguments before the options; {@link EngineImage}s become its images.
   * @param options As transformers.js spells them.
   * @returns Its result as plain data: each tensor as {@link TensorData}.
   * @throws InsituError `OUT_OF_MEMORY`, `MODEL_UNSUPPORTED`, `INTERNAL`; what `step` throws.
   */
  run(inputs: readonly unknown[], options: Readonly<Record<string, unknown>>, steps: RunSteps): Promise<unknown>;
  /** Like `run`, of a model that writes, for one input. `stop`, `seed` and `top_p` are options too. */
  write(
    inputs: readonly unknown[],
    options: Readonly<Record<string, unknown>>,
    steps: RunSteps & Partial<WritingListener>,
  ): Promise<WrittenByEngine>;
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
