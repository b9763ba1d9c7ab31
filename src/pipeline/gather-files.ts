import type { Task } from '../protocol/task-map.ts';
import type { Dtype } from '../protocol/worker-api.ts';
import type { ModelFiles } from '../weights/model/model-files.ts';
import { chooseDtype } from './choose-dtype.ts';
import type { TaskDefinition } from './task-definition.ts';

/**
 * Sets all files of a model on their way that a task needs. Resolves when it is clear that they are there, not when they have
 * arrived.
 *
 * @throws InsituError `MODEL_NOT_FOUND`, and what the files throw.
 */
export async function gatherFiles(
  files: ModelFiles,
  { files: needed, graphs }: Pick<TaskDefinition<Task>, 'files' | 'graphs'>,
  dtype: Dtype | undefined,
): Promise<Dtype> {
  const choosing = chooseDtype(files, graphs, dtype);
  choosing.catch(() => {});
  for (const path of needed) void files.has(path);
  // All of them are on their way; the first in the list says best what is wrong with the model.
  for (const path of needed) await files.require(path);
  return choosing;
}
