import type { OptionCheck } from '../errors/check-options.ts';
import type { InputKind } from '../protocol/worker-api.ts';
import type { RunContext } from '../protocol/task-module.ts';
import type { EngineRequest, Runtime } from '../runtime/runtime.ts';

export type { RunContext } from '../protocol/task-module.ts';

/** A result, and what of it can change threads without a copy. */
export interface TaskResult {
  value: unknown;
  transfer: Transferable[];
}

/** A task with its model. */
export interface LoadedTask {
  /** Samples a second that the model hears, where it takes sound. */
  readonly sampleRate?: number | undefined;
  /**
   * @param inputs Its arguments as they came from the application, but the options.
   * @param options Checked, by their camelCase names.
   * @throws InsituError `INPUT_INVALID`, and what the engine throws.
   */
  run(inputs: readonly unknown[], options: Readonly<Record<string, unknown>>, context: RunContext): Promise<TaskResult>;
  dispose(): Promise<void>;
}

/** What a task does between the call and the runtime. */
export interface TaskDefinition {
  /** What its first argument is made of. */
  takes: InputKind;
  /** Every option of a run, by its camelCase name. */
  options: Readonly<Record<string, OptionCheck>>;
  load(runtime: Runtime, request: Omit<EngineRequest, 'task'>): Promise<LoadedTask>;
}
