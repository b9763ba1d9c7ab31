import type { Embeddings } from './tasks/text-tasks.ts';

/** What a linear head is fitted to. */
export interface FitRequest {
  /** Of all examples, as the embedder gave them. */
  embeddings: Embeddings;
  /** Which of the classes each example is of. */
  classes: Uint32Array;
  /** How many classes there are; each has at least two examples. */
  count: number;
  /** Part of each class that is held out, 0..1. */
  validation: number;
  /** Weight of the penalty. Without it, cross-validation chooses one. */
  regularization: number | undefined;
  /** Of the order in which examples are held out. */
  seed: number;
}

/** A linear head, and how good it is. */
export interface FitResult {
  /** `[classes, size + 1]`, row by row: the weights of a class, then its bias. */
  weights: Float32Array<ArrayBuffer>;
  regularization: number;
  /** Of the examples held out, by their class and by the one that was found; absent where there were none. */
  confusion?: number[][];
}
