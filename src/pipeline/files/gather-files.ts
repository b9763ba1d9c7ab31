import { InsituError } from '../../errors/insitu-error.ts';
import type { AskedDtype } from '../../protocol/worker-api.ts';
import type { ModelFiles } from '../../weights/model/model-files.ts';
import { type ChosenDtypes, chooseDtypes } from './choose-dtype.ts';
import type { ModelConfig, TaskFiles } from './task-files.ts';

/**
 * Sets all files of a model on their way that a task needs. Resolves when it is clear that they are there, not when they have
 * arrived.
 *
 * @throws InsituError `MODEL_NOT_FOUND`, `MODEL_INVALID`, and what the files throw.
 */
export async function gatherFiles(
  files: ModelFiles,
  { needed, optional, graphs }: TaskFiles,
  dtype: AskedDtype | undefined,
): Promise<ChosenDtypes> {
  const choosing =
    typeof graphs === 'function'
      ? readConfig(files).then((config) => chooseDtypes(files, graphs(config), dtype))
      : chooseDtypes(files, graphs, dtype);
  choosing.catch(() => {});
  // Of optional ones, a failure shows when they are read.
  for (const path of [...needed, ...optional]) void files.has(path).catch(() => {});
  // All of them are on their way; the first in the list says best what is wrong with the model.
  for (const path of needed) await files.require(path);
  return choosing;
}

async function readConfig(files: ModelFiles): Promise<ModelConfig> {
  await files.require('config.json');
  const bytes = await files.find('config.json');
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as ModelConfig;
  } catch (error) {
    throw new InsituError('MODEL_INVALID', "The model's config.json is no JSON.", {
      hint: 'What was stored of it is dropped, so loading again fetches it anew.',
      cause: error,
    });
  }
}
