import { describe } from '../errors/check-options.ts';
import { InsituError } from '../errors/insitu-error.ts';
import { defaultModels } from '../protocol/default-models.ts';
import { taskAliases } from '../protocol/task-map.ts';

/**
 * The model of a task that is taken when none is named. A part of its own: who names a model needs no list.
 *
 * @throws InsituError `TASK_UNKNOWN`
 */
export function defaultModel(task: string): string {
  if (Object.hasOwn(defaultModels, task)) return defaultModels[task as keyof typeof defaultModels];
  throw new InsituError('TASK_UNKNOWN', `There is no task ${describe(task)}.`, {
    hint: `Tasks: ${[...Object.keys(defaultModels), ...Object.keys(taskAliases)].join(', ')}.`,
  });
}
