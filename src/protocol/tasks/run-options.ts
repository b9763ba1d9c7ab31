import type { Priority } from '../priority.ts';

/** How far a run of several inputs has come. */
export interface RunProgress {
  /** Inputs that are finished. */
  done: number;
  total: number;
}

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
  /** Hears how many inputs of a batch are finished. */
  onProgress?: (progress: RunProgress) => void;
}

/** One finished input of a batch. */
export interface BatchItem<Result> {
  /** Which of the inputs. */
  index: number;
  value: Result;
}

/** Tokens that a model read and wrote. */
export interface TokenUsage {
  promptTokens: number;
  completionTokens: number;
}

/** What a stream of text comes to. */
export interface Written<Result> {
  output: Result;
  usage: TokenUsage;
  /** `length`: it was cut off by `maxNewTokens` or the model's limit. */
  finishReason: 'stop' | 'length';
}
