import type { WithSnakeCase } from '../../protocol/snake-case.ts';
import type { BatchItem, RunOptions, Written } from '../../protocol/tasks/run-options.ts';

/** Options of a run as a caller may write them: in camelCase, or as transformers.js spells them. */
export type TaskOptions<T> = WithSnakeCase<T> & RunOptions;

/**
 * What a run gives piece by piece. Reading it at leisure holds the computation back; leaving the loop, `cancel()` or an abort ends it
 * at its next step.
 */
export type ResultStream<Chunk, Output> = ReadableStream<Chunk> &
  AsyncIterable<Chunk> & {
    /**
     * The whole result, as the call without a stream gives it, when the stream was read to its end: who does not read it holds the work back. Rejects
     * as the stream does.
     */
    readonly result: Promise<Output>;
  };

/** A task whose results are the same alone and in a batch. */
export interface EachCall<Input, Options, Result> {
  (input: Input, options?: TaskOptions<Options>): Promise<Result>;
  (inputs: readonly Input[], options?: TaskOptions<Options>): Promise<Result[]>;
  /** Gives each input's result as soon as it is finished. */
  stream(
    inputs: Input | readonly Input[],
    options?: TaskOptions<Options>,
  ): ResultStream<BatchItem<Result>, Result | Result[]>;
}

/** Like {@link EachCall}, with something that all inputs are held against. */
export interface EachWithCall<Input, With, Options, Result> {
  (input: Input, other: With, options?: TaskOptions<Options>): Promise<Result>;
  (inputs: readonly Input[], other: With, options?: TaskOptions<Options>): Promise<Result[]>;
  /** Gives each input's result as soon as it is finished. */
  stream(
    inputs: Input | readonly Input[],
    other: With,
    options?: TaskOptions<Options>,
  ): ResultStream<BatchItem<Result>, Result | Result[]>;
}

/** A task that writes text. */
export interface WritingCall<Input, Options, Result> {
  (input: Input, options?: TaskOptions<Options>): Promise<Result>;
  (inputs: readonly Input[], options?: TaskOptions<Options>): Promise<Result[]>;
  /** Gives the text as it is written, in pieces of whole characters. */
  stream(input: Input, options?: TaskOptions<Options>): ResultStream<string, Written<Result>>;
}
