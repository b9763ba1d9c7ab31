import { vi } from 'vitest';
import type { Engine } from '../../runtime/runtime.ts';
import { createContext, createEngine, loadTask } from '../fake-engine.conformance.ts';
import type { RunContext, TaskDefinition } from '../task-definition.ts';
import { checkOptions } from '../../errors/check-options.ts';

/** What the pipeline of transformers.js was asked for, and how. */
export interface Asked {
  inputs: readonly unknown[];
  options: Readonly<Record<string, unknown>>;
}

export interface TaskRun {
  value: unknown;
  /** Every run of the pipeline. */
  asked: Asked[];
  /** What whoever reads piece by piece heard. */
  chunks: unknown[];
  progress: [done: number, total: number][];
}

/**
 * Calls a task as the worker does: options are checked first.
 *
 * @param answer What the pipeline of transformers.js gives for its inputs.
 */
export async function runTask(
  task: TaskDefinition,
  answer: (inputs: readonly unknown[], options: Readonly<Record<string, unknown>>) => unknown,
  inputs: readonly unknown[],
  options: Readonly<Record<string, unknown>> = {},
  { engine, ...context }: Partial<RunContext> & { engine?: Partial<Engine> } = {},
): Promise<TaskRun> {
  const asked: Asked[] = [];
  const chunks: unknown[] = [];
  const progress: TaskRun['progress'] = [];
  const run = vi.fn<Engine['run']>((given, own, { step }) =>
    step(async () => {
      asked.push({ inputs: given, options: own });
      return answer(given, own);
    }),
  );
  const write = vi.fn<Engine['write']>(async (given, own, { step, onText }) => {
    const value = await step(async () => {
      asked.push({ inputs: given, options: own });
      return answer(given, own);
    });
    onText?.('a piece');
    return { value, text: '', beyondStop: 0, promptTokens: 3, completionTokens: 2, finishReason: 'stop' };
  });
  const loaded = await loadTask(task, createEngine({ run, write, ...engine }));
  const { value } = await loaded.run(
    inputs,
    checkOptions(options, task.options),
    createContext({
      emit: (chunk) => void chunks.push(chunk),
      progress: (done, total) => void progress.push([done, total]),
      ...context,
    }),
  );
  return { value, asked, chunks, progress };
}
