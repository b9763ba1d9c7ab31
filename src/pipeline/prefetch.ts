import type { ModelFiles } from '../weights/model/model-files.ts';
import type { Dtype } from '../protocol/worker-api.ts';
import type { Task } from '../protocol/task-map.ts';
import { chosenGraphs } from './choose-dtype.ts';
import { gatherFiles } from './gather-files.ts';
import { registry } from './registry.ts';
import type { TaskDefinition } from './task-definition.ts';

/**
 * Sees that the store has all files of a model that a task needs.
 *
 * @returns Their paths.
 * @throws InsituError what the files throw, and why they could not be stored.
 */
export async function prefetch(task: Task, dtype: Dtype | undefined, files: ModelFiles): Promise<string[]> {
  const definition: TaskDefinition<Task> = registry[task];
  try {
    const chosen = await gatherFiles(files, definition, dtype);
    const paths = [...definition.files, ...chosenGraphs(definition.graphs, chosen)];
    await Promise.all(paths.map(files.find));
    await files.keep();
    files.release();
    return paths;
  } catch (error) {
    await files.leave();
    throw error;
  }
}
