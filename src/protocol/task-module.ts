import type { Task } from './task-map.ts';
import type { InputKind } from './worker-api.ts';

/** Values of a tensor, copied out of the runtime's memory. */
export interface TensorData {
  type: string;
  data: Float32Array<ArrayBuffer> | Int8Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
  dims: number[];
}

/** Pixels for a model: RGBA, row by row. */
export interface EngineImage {
  pixels: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
}

/** How a run goes about its steps. */
export interface RunSteps {
  /**
   * Runs a graph, or whatever else keeps the worker busy, in its turn: the worker computes one thing at a time. Between steps, aborts
   * and calls of higher priority are let in. Throws the signal's reason when the run is to stop.
   */
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

/** A loaded model, as a task uses it: tokenizer or processor, graphs, and post-processing. */
export interface TaskEngine {
  /** Whether activations are rounded by the range of their whole run, so that texts of one batch touch each other's results. */
  readonly dynamicallyQuantised: boolean;
  /** The model's `config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of what its graphs give. */
  readonly outputs: readonly string[];
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
}

/** A run, as a task sees it. */
export interface RunContext<Chunk = unknown> extends RunSteps {
  signal: AbortSignal;
  /** Whether somebody reads the result piece by piece. */
  readonly streaming: boolean;
  /** Gives a piece of the result to whoever reads it so. */
  emit(chunk: Chunk): void;
  /** Resolves when whoever reads piece by piece has kept up. */
  keptUp(): Promise<void>;
  /** So many of the inputs are finished. */
  progress(done: number, total: number): void;
}

/** A run, as a task of the application sees it. */
export interface TaskContext<Chunk = unknown> extends RunContext<Chunk> {
  /**
   * The pixels of an image of the input, the right way up; of tasks that take images.
   *
   * @throws InsituError `INPUT_INVALID`
   */
  image(input: unknown): Promise<EngineImage>;
  /**
   * A recording of the input: one channel, at the model's rate; of tasks that take sound.
   *
   * @throws InsituError `INPUT_INVALID`, `MODEL_UNSUPPORTED`
   */
  audio(input: unknown): Promise<Float32Array>;
}

/** A pipeline of transformers.js: it says how a model is loaded. */
export type EngineName = Exclude<Task, 'reranking' | 'sentence-similarity' | 'voice-activity-detection'>;

/**
 * What the module of a task of the application exports as `task`. It runs in insitu's worker, beside the model. See
 * docs/custom-tasks.md.
 *
 * @typeParam Input What a call passes. Images and sound come made ready: `context.image()` and `context.audio()` open them.
 * @typeParam Chunk What a stream of a call gives.
 */
export interface TaskModule<
  Input = unknown,
  Options extends object = Record<never, never>,
  Output = unknown,
  Chunk = never,
> {
  /** What the input is, or is an array of: `text` is any plain data. @default 'text' */
  takes?: Exclude<InputKind, 'live-audio'>;
  /** Whose model, tokenizer and processor it uses. */
  engine: EngineName;
  /** Files that models of this task have beside those of the engine's own task. They are fetched with the others. */
  files?: readonly string[];
  /** Names of the graphs, without dtype suffix and ending. @default those of the engine's own task */
  graphs?: readonly string[];
  /** Every option of a call by its camelCase name, with what says what is wrong with a value. @default none */
  options?: { readonly [Name in keyof Options]-?: (value: unknown) => string | undefined };
  /**
   * One call.
   *
   * @param options Checked, by their camelCase names.
   * @returns Plain data. Whole buffers of it are transferred to the page, not copied.
   * @throws Whatever it likes. The call rejects with `TASK_FAILED` and the same message; an `InsituError`, or an error whose `code` is
   * `INPUT_INVALID`, `OPTION_INVALID` or `MODEL_UNSUPPORTED`, keeps its code, and its `hint`.
   */
  run(engine: TaskEngine, input: Input, options: Options, context: TaskContext<Chunk>): Promise<Output>;
}
