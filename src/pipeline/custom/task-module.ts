import { taskModules } from '../../errors/asset-failure.ts';
import { describe } from '../../errors/check-options.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import type { TaskModule } from '../../protocol/task-module.ts';
import type { LoadRequest } from '../../protocol/worker-api.ts';
import { importScript } from './import-script.ts';
import { type TaskFiles, requireTask, taskFiles } from '../files/task-files.ts';

/** A module whose types only the application knows. */
export type UntypedTaskModule = TaskModule<unknown, Readonly<Record<string, unknown>>, unknown, unknown>;

const kinds: readonly unknown[] = [undefined, 'text', 'image', 'audio'];
const shape = '`export const task = { engine, run }`: see docs/custom-tasks.md';

/**
 * Imports the code of a task of the application.
 *
 * @param name The task's, for messages.
 * @throws InsituError `WORKER_START_FAILED`, `ASSET_IS_HTML`, `CSP_BLOCKED`; `OPTION_INVALID` where it exports no task.
 */
export async function importTaskModule(name: string, module: string | Blob): Promise<UntypedTaskModule> {
  const what = `The module of the task ${describe(name)}`;
  const { task } = await importScript(module, what, taskModules);
  const complaint = complaintOf(task);
  if (complaint) {
    throw new InsituError('OPTION_INVALID', `${what} ${complaint}.`, { hint: `The module is to ${shape}.` });
  }
  return task as UntypedTaskModule;
}

function complaintOf(task: unknown): string | undefined {
  if (task === undefined) return 'exports no `task`';
  if (typeof task !== 'object' || task === null) return `exports as \`task\` ${describe(task)}`;
  const { engine, run, takes, options = {} } = task as Partial<Record<keyof TaskModule, unknown>>;
  if (typeof run !== 'function') return 'has no function `run` in its `task`';
  const known = typeof engine === 'string' && Object.hasOwn(taskFiles, engine) && engine !== 'voice-activity-detection';
  if (!known) return `names as its engine ${describe(engine)}`;
  if (!kinds.includes(takes)) return `takes ${describe(takes)}`;
  const wrong = Object.entries(options as object).find(([, check]) => typeof check !== 'function');
  return wrong && `has for the option ${wrong[0]} no function that checks it`;
}

/** The files of a model for a task of the application. */
export function filesOfModule({ engine, files = [], graphs }: UntypedTaskModule): TaskFiles {
  const own = taskFiles[engine];
  return { ...own, needed: [...own.needed, ...files], ...(graphs && { graphs }) };
}

/** The files of a model of which one graph is run by itself. */
export const filesOfGraph = (path: string): TaskFiles => ({ needed: [path], optional: [], graphs: [] });

/** What is to be done with a model: a task of ours, one of the application, or a graph by itself. */
export type TaskWish = Pick<LoadRequest, 'task' | 'module' | 'graph'>;

/**
 * The files of a model for any task.
 *
 * @throws InsituError `TASK_UNKNOWN`; see {@link importTaskModule}.
 */
export async function filesOfTask({ task, module, graph }: TaskWish): Promise<TaskFiles> {
  if (graph !== undefined) return filesOfGraph(graph);
  return module === undefined ? taskFiles[requireTask(task)] : filesOfModule(await importTaskModule(task, module));
}
