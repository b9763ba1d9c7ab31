import { ownFiles } from '../errors/asset-failure.ts';
import { importScript } from './custom/import-script.ts';
import type { RunContext, TaskResult } from './task-definition.ts';

/**
 * Does work beside a model, in its worker and its queue, with a script of the library that most workers never need.
 *
 * @param job The script, which exports `perform`.
 * @throws InsituError `WORKER_START_FAILED`, `ASSET_IS_HTML`, `CSP_BLOCKED`; what the work throws.
 */
export async function performJob(job: string | Blob, input: unknown, context: RunContext): Promise<TaskResult> {
  const { perform } = await importScript(job, 'A part of insitu', ownFiles);
  return (perform as (input: unknown, context: RunContext) => Promise<TaskResult>)(input, context);
}
