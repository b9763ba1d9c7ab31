import type { OptionCheck } from '../errors/check-options.ts';
import type { InputKind } from '../protocol/worker-api.ts';
import type { EngineRequest, Runtime } from '../runtime/runtime.ts';

export interface RunContext {
  signal: AbortSignal;
  /** Runs the next piece of work in its turn: the runtime computes one thing at a time. Throws the signal's reason. */
  step<T>(work: () => Promise<T>): Promise<T>;
  /** Whether somebody reads the result piece by piece. */
  readonly streaming: boolean;
  /** Gives a piece of the result to whoever reads it so. */
  emit(chunk: unknown): void;
  /** Resolves when whoever reads piece by piece has kept up. */
  keptUp(): Promise<void>;
  /** So many of the inputs are finished. */
  progress(done: number, total: number): void;
}

/** A result, and what of it can change threads without a copy. */
export interface TaskResult {
  value: unknown;
  transfer: Transferable[];
}

/** A task with its model. */
export interface LoadedTask {
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
