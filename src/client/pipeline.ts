import type { DevicePlan } from '../protocol/device-plan.ts';
import type { WithSnakeCase } from '../protocol/snake-case.ts';
import type {
  Embeddings,
  FeatureExtractionOptions,
  LabelScore,
  RunOptions,
  Task,
  TaskMap,
} from '../protocol/task-map.ts';
import type { Priority } from '../protocol/priority.ts';
import type { LoadOptions } from './load-options.ts';
import type { ModelStats } from './observe/stats.ts';

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

type Options<T> = WithSnakeCase<T> & RunOptions;

interface FeatureExtraction {
  /** Vectors of the texts, in their order. */
  (input: string | readonly string[], options?: Options<FeatureExtractionOptions>): Promise<Embeddings>;
}

interface TextClassification {
  /** The labels of one text, best first; the best label of each text; or, with another `topK` than 1, the labels of each. */
  <I extends string | readonly string[], K extends number | null = 1>(
    input: I,
    options?: Options<{ topK?: K }>,
  ): Promise<LabelsOf<I, K>>;
}

/** Lists of lists only where there are several texts and more than one label for each. */
type LabelsOf<I, K> = I extends string
  ? LabelScore[]
  : number extends K
    ? LabelScore[] | LabelScore[][]
    : K extends 1
      ? LabelScore[]
      : LabelScore[][];

/** How the pipeline of each task is called. */
interface TaskCalls {
  'feature-extraction': FeatureExtraction;
  'text-classification': TextClassification;
}

/** What every pipeline has, whatever its task. */
export interface PipelineHandle<T extends Task> {
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
 * @throws InsituError `INPUT_INVALID`, `OPTION_INVALID`, `OUT_OF_MEMORY`, `WORKER_CRASHED`, `DISPOSED`; the signal's reason.
 */
export type Pipeline<T extends Task = Task> = TaskCalls[T] & PipelineHandle<T>;

type UntypedRun = (input: unknown, options?: RunOptions & Record<string, unknown>) => Promise<TaskMap[Task]['output']>;

/** Gives a function the properties of a pipeline. The types of input and output are the contract of the worker's task. */
export function createPipeline<T extends Task>(run: UntypedRun, handle: Omit<PipelineHandle<T>, symbol>): Pipeline<T> {
  // Browsers without explicit resource management lack the symbol.
  const asyncDispose: typeof Symbol.asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');
  return Object.assign(run, handle, { [asyncDispose]: handle.dispose }) as unknown as Pipeline<T>;
}
