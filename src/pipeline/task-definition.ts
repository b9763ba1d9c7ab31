import type { OptionCheck } from '../errors/check-options.ts';
import type { Task, TaskMap } from '../protocol/task-map.ts';
import type { TextEngine } from '../runtime/runtime.ts';

export interface RunContext {
  signal: AbortSignal;
  /** Runs the next piece of work in its turn: the runtime computes one thing at a time. Throws the signal's reason. */
  step<T>(work: () => Promise<T>): Promise<T>;
}

/** A result, and what of it can change threads without a copy. */
export interface TaskResult<T> {
  value: T;
  transfer: Transferable[];
}

/** What a task does between the call and the runtime. */
export interface TaskDefinition<K extends Task> {
  /** Files that every model of this task needs, beside its graphs. They are fetched together with them. */
  files: readonly string[];
  /** Names of the graphs, without dtype suffix and ending. */
  graphs: readonly string[];
  /** Every option of a run, by its camelCase name. */
  options: Record<keyof TaskMap[K]['options'] & string, OptionCheck>;
  /**
   * @param input As it came from the application.
   * @throws InsituError `INPUT_INVALID`, and what the engine throws.
   */
  run(
    engine: TextEngine,
    input: unknown,
    options: TaskMap[K]['options'],
    context: RunContext,
  ): Promise<TaskResult<TaskMap[K]['output']>>;
}
