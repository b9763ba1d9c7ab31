import { isInsituError } from '../errors/insitu-error.ts';
import type { DevicePlan } from '../protocol/device-plan.ts';
import type { FileRules, ModelLocation } from '../protocol/model-location.ts';
import type { InputKind, LoadRequest } from '../protocol/worker-api.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { LoadMonitor } from '../weights/model/load-monitor.ts';
import type { ModelFiles } from '../weights/model/model-files.ts';
import { checkOptions } from '../errors/check-options.ts';
import { gatherFiles } from './files/gather-files.ts';
import { type LoadPhase, measurePhase } from './load-phases.ts';
import { customTask } from './custom/custom-task.ts';
import { registry } from './registry.ts';
import { sessionTask } from './session-task.ts';
import type { LoadedTask, RunContext, TaskDefinition, TaskResult } from './task-definition.ts';
import { type TaskFiles, requireTask, taskFiles } from './files/task-files.ts';
import { type TaskWish, filesOfGraph, filesOfModule, importTaskModule } from './custom/task-module.ts';

/** A task bound to a loaded model. */
export interface LoadedPipeline {
  readonly takes: InputKind;
  readonly sampleRate: number | undefined;
  /** @param options As the application wrote them. */
  run(inputs: readonly unknown[], options: Readonly<Record<string, unknown>>, context: RunContext): Promise<TaskResult>;
  /** Resolves when it is clear whether the browser's storage has the model. Never rejects. */
  kept: Promise<void>;
  /** Resolves when the model is freed. What was fetched for it may still be on its way into the store: see `kept`. */
  dispose(): Promise<void>;
}

export interface LoadContext {
  runtime: Promise<Runtime>;
  /** Opens the files of a model; the signal ends what is still on its way. */
  openModel(location: ModelLocation, rules: FileRules, signal: AbortSignal): ModelFiles;
  monitor: LoadMonitor;
  plan: DevicePlan;
  signal: AbortSignal;
}

/**
 * Loads a model for a task. Its files are fetched while the runtime starts.
 *
 * @throws InsituError; the signal's reason when aborted.
 */
export async function loadPipeline(
  { location, dtype, rules, ...wish }: LoadRequest,
  context: LoadContext,
): Promise<LoadedPipeline> {
  const { definition, wanted } = await findTask(wish);
  context.signal.throwIfAborted();
  // One failed file ends the load, so the others need not arrive.
  const failed = new AbortController();
  const signal = AbortSignal.any([context.signal, failed.signal]);
  const files = context.openModel(location, rules, signal);
  try {
    const { reference } = location;
    const start = performance.now();
    const phase = <T>(name: LoadPhase, work: Promise<T>, from = start) =>
      work.finally(() => measurePhase(name, reference, from));
    const [chosen, runtime] = await Promise.all([
      phase('files', gatherFiles(files, wanted, dtype)),
      phase('runtime', context.runtime),
    ]);
    if (files.fetching) void runtime.prepare();
    // The tokenizer is made while the weights arrive and the runtime compiles.
    const loading = definition.load(runtime, { dtypes: chosen, files: files.find });
    const loaded: LoadedTask = await phase('session', loading, performance.now());
    if (context.signal.aborted) await loaded.dispose();
    context.signal.throwIfAborted();
    context.monitor.ready(context.plan);
    const kept = files.keep().then((stored) => {
      if (stored) context.monitor.stored();
    });
    return {
      kept,
      takes: definition.takes,
      sampleRate: loaded.sampleRate,
      run: async (inputs, options, run) => loaded.run(inputs, checkOptions(options, definition.options), run),
      async dispose() {
        files.release();
        await loaded.dispose();
      },
    };
  } catch (error) {
    failed.abort();
    if (isInsituError(error) && error.code === 'MODEL_INVALID') await files.discard();
    await files.leave();
    throw error;
  }
}

/** @throws InsituError `TASK_UNKNOWN`; see {@link importTaskModule}. */
async function findTask({ task, module, graph }: TaskWish): Promise<{ definition: TaskDefinition; wanted: TaskFiles }> {
  if (graph !== undefined) return { definition: sessionTask(graph), wanted: filesOfGraph(graph) };
  if (module === undefined) {
    const known = requireTask(task);
    return { definition: registry[known], wanted: taskFiles[known] };
  }
  const own = await importTaskModule(task, module);
  return { definition: customTask(task, own), wanted: filesOfModule(own) };
}
