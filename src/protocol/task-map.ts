import type { Priority } from './priority.ts';

/** Options of one run, whatever the task. */
export interface RunOptions {
  /**
   * Aborting rejects the call at once with `signal.reason`, and stops the work: before its next step, or, where one step takes
   * too long, by ending the worker, with another in its place.
   */
  signal?: AbortSignal;
  /**
   * Which of several waiting calls goes first. One of higher priority also gets in between the steps of another.
   * @default 'normal'
   */
  priority?: Priority;
}

/** How the token vectors of a text become its result. */
export type Pooling = 'none' | 'mean' | 'cls' | 'first_token' | 'eos' | 'last_token';

export interface FeatureExtractionOptions {
  /**
   * `none` keeps one vector a token; `mean` averages over the text's own tokens; `cls` (or `first_token`) and `eos` (or
   * `last_token`) take one of them.
   * @default 'none'
   */
  pooling?: Pooling;
  /** Scale each vector to length 1 (L2), so that a dot product is the cosine similarity. @default false */
  normalize?: boolean;
}

/** Vectors of one or more texts, in input order. */
export interface Embeddings {
  /** Row-major values. */
  data: Float32Array;
  /** `[texts, size]`, or `[texts, tokens, size]` with `pooling: 'none'`, where rows past a text's own tokens are 0. */
  dims: number[];
}

export interface TextClassificationOptions {
  /** How many labels to return, best first; `null` for all. @default 1 */
  topK?: number | null;
}

/** A label of the model and its probability, 0..1. */
export interface LabelScore {
  label: string;
  score: number;
}

/**
 * What each task takes and gives. `output` is what a run returns for the widest input and options; the signature of the
 * pipeline narrows it.
 */
export interface TaskMap {
  'feature-extraction': {
    input: string | readonly string[];
    options: FeatureExtractionOptions;
    output: Embeddings;
  };
  'text-classification': {
    input: string | readonly string[];
    options: TextClassificationOptions;
    output: LabelScore[] | LabelScore[][];
  };
}

/** A task by its own name. */
export type Task = keyof TaskMap;

/** Other names of tasks, as transformers.js has them. */
export interface TaskAliases {
  embeddings: 'feature-extraction';
  'sentiment-analysis': 'text-classification';
}

/** A task by any of its names. */
export type TaskName = Task | keyof TaskAliases;

/** The task behind a name. */
export type ResolveTask<N extends TaskName> = N extends keyof TaskAliases ? TaskAliases[N] : N & Task;

/** What each task loads when no model is named: the same small models as in transformers.js. */
export const defaultModels: Record<Task, string> = {
  'feature-extraction': 'Xenova/all-MiniLM-L6-v2',
  'text-classification': 'Xenova/distilbert-base-uncased-finetuned-sst-2-english',
};

export const taskAliases: { [A in keyof TaskAliases]: TaskAliases[A] } = {
  embeddings: 'feature-extraction',
  'sentiment-analysis': 'text-classification',
};
