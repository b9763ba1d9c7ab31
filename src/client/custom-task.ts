import type { NoOptions } from '../protocol/tasks/vision-tasks.ts';
import type { PipelineHandle } from './pipeline.ts';
import type { ResultStream, TaskOptions } from './tasks/task-calls.ts';

/** A task of the application. */
export interface CustomTask<Input, Options extends object, Output, Chunk = never> {
  /** It names the task in events and messages. */
  readonly name: string;
  /** Address of the module that exports a {@link TaskModule} as `task`. */
  readonly module: string | URL;
  /** Never there: it carries the types. */
  readonly types?: { input: Input; options: Options; output: Output; chunk: Chunk };
}

/** A loaded model with a task of the application, called like a function. */
export interface CustomPipeline<Input, Options extends object, Output, Chunk = never> extends PipelineHandle<string> {
  /**
   * @throws InsituError `TASK_FAILED` when the module throws; else as of other pipelines.
   */
  (input: Input, ...options: OptionsArgument<Options>): Promise<Output>;
  /** Gives what the module emits, as it does. */
  stream(input: Input, ...options: OptionsArgument<Options>): ResultStream<Chunk, Output>;
}

/** Left out only where no option is needed. */
type OptionsArgument<Options extends object> = NoOptions extends Options
  ? [options?: TaskOptions<Options>]
  : [options: TaskOptions<Options>];

/**
 * Describes a task of the application: its own code before and after a model, in a module that runs in insitu's worker. See
 * docs/custom-tasks.md.
 *
 * @example
 * const emoji = defineTask<string, { least?: number }, string>({
 *   name: 'emoji',
 *   module: new URL('./emoji-task.js', import.meta.url),
 * });
 * const toEmoji = await pipeline(emoji, 'org/name');
 * await toEmoji('What a day!', { least: 0.8 });
 */
export function defineTask<Input, Options extends object = NoOptions, Output = unknown, Chunk = never>(
  task: CustomTask<Input, Options, Output, Chunk>,
): CustomTask<Input, Options, Output, Chunk> {
  return task;
}
