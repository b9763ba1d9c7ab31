import type { WithSnakeCase } from '../protocol/snake-case.ts';
import type { ResolveTask, TaskName } from '../protocol/task-map.ts';
import { type Client, createClient } from './client.ts';
import type { Pipeline, PipelineOptions } from './pipeline.ts';

let client: Client | undefined;

/**
 * Loads a model for a task, in a worker, and returns a function that runs it.
 *
 * @param task What the model is for. It decides the types of input, options and output.
 * @param model A Hub id (`org/name`, `org/name@revision`), the address of a folder in Hub layout (`/models/name/`), or
 * `npm:package@version/path`. @default a small model for the task
 * @throws InsituError `TASK_UNKNOWN`, `OPTION_INVALID`, `MODEL_NOT_FOUND`, `MODEL_INVALID`, `MODEL_UNSUPPORTED`, `NETWORK`,
 * `OFFLINE`, `HTTP_STATUS`, `ASSET_IS_HTML`, `OUT_OF_MEMORY`, `WORKER_START_FAILED`; the signal's reason when aborted.
 *
 * @example
 * const embed = await pipeline('feature-extraction', 'Xenova/all-MiniLM-L6-v2');
 * const { data, dims } = await embed(['one', 'two'], { pooling: 'mean', normalize: true });
 * await embed.dispose();
 */
export async function pipeline<N extends TaskName>(
  task: N,
  model?: string,
  options?: WithSnakeCase<PipelineOptions>,
): Promise<Pipeline<ResolveTask<N>>> {
  client ??= createClient();
  return client.pipeline(task, model, options);
}
