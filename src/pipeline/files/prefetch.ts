import type { ModelFiles } from '../../weights/model/model-files.ts';
import type { AskedDtype } from '../../protocol/worker-api.ts';
import { chosenGraphs } from './choose-dtype.ts';
import { gatherFiles } from './gather-files.ts';
import { type TaskWish, filesOfTask } from '../custom/task-module.ts';

/**
 * Sees that the store has all files of a model that a task needs.
 *
 * @returns Their paths.
 * @throws InsituError what the files throw, and why they could not be stored.
 */
export async function prefetch(wish: TaskWish, dtype: AskedDtype | undefined, files: ModelFiles): Promise<string[]> {
  try {
    const wanted = await filesOfTask(wish);
    const chosen = await gatherFiles(files, wanted, dtype);
    const optional = await Promise.all(wanted.optional.map(async (path) => ((await files.has(path)) ? [path] : [])));
    const paths = [...wanted.needed, ...optional.flat(), ...chosenGraphs(chosen)];
    await Promise.all(paths.map(files.find));
    await files.keep();
    files.release();
    return paths;
  } catch (error) {
    await files.leave();
    throw error;
  }
}
