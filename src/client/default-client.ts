import type { WithSnakeCase } from '../protocol/snake-case.ts';
import type { ResolveTask, TaskName } from '../protocol/task-map.ts';
import { createClient } from './client.ts';
import type { CustomPipeline, CustomTask } from './custom-task.ts';
import type { ModelReference } from './model-reference.ts';
import type { Pipeline, PipelineOptions } from './pipeline.ts';
import type { GraphReference, Session, SessionOptions } from './sessions/session-options.ts';
import type { Weights } from './weights.ts';

/** Starts nothing before it is used. */
const client = createClient();

/** The models in the browser's storage. See {@link Weights}. */
export const weights: Weights = client.weights;

/**
 * Loads a model for a task, in a worker, and returns a function that runs it.
 *
 * @param task What the model is for. It decides the types of input, options and output.
 * @param model See {@link ModelReference}. @default a small model for the task
 * @throws InsituError `TASK_UNKNOWN`, `OPTION_INVALID`, `MODEL_NOT_FOUND`, `MODEL_INVALID`, `MODEL_UNSUPPORTED`, `NETWORK`,
 * `OFFLINE`, `HTTP_STATUS`, `ASSET_IS_HTML`, `INTEGRITY_MISMATCH`, `OUT_OF_MEMORY`, `WORKER_START_FAILED`, `CSP_BLOCKED`,
 * `WORKER_CRASHED`, `WORKER_UNRESPONSIVE`, `DEVICE_UNAVAILABLE`; the signal's reason when aborted.
 *
 * @example
 * const embed = await pipeline('feature-extraction', 'Xenova/all-MiniLM-L6-v2');
 * const { data, dims } = await embed(['one', 'two'], { pooling: 'mean', normalize: true });
 * await embed.dispose();
 */
export function pipeline<N extends TaskName>(
  task: N,
  model?: ModelReference,
  options?: WithSnakeCase<PipelineOptions>,
): Promise<Pipeline<ResolveTask<N>>>;
/** Loads a model for a task of the application: see {@link defineTask}. */
export function pipeline<Input, Options extends object, Output, Chunk>(
  task: CustomTask<Input, Options, Output, Chunk>,
  model: ModelReference,
  options?: WithSnakeCase<PipelineOptions>,
): Promise<CustomPipeline<Input, Options, Output, Chunk>>;
export function pipeline(
  task: unknown,
  model?: ModelReference,
  options?: WithSnakeCase<PipelineOptions>,
): Promise<unknown> {
  return client.pipeline(task as TaskName, model, options);
}

/**
 * Loads an ONNX model, in a worker, to run it on tensors.
 *
 * @param model See {@link GraphReference}.
 * @throws InsituError `OPTION_INVALID`, `MODEL_NOT_FOUND`, `MODEL_INVALID`, `MODEL_UNSUPPORTED`, `NETWORK`, `OFFLINE`, `HTTP_STATUS`,
 * `ASSET_IS_HTML`, `INTEGRITY_MISMATCH`, `OUT_OF_MEMORY`, `WORKER_START_FAILED`, `CSP_BLOCKED`, `WORKER_CRASHED`,
 * `WORKER_UNRESPONSIVE`, `DEVICE_UNAVAILABLE`; the signal's reason when aborted.
 *
 * @example
 * const session = await createSession('/models/mnist/mnist-12.onnx');
 * const { Plus214_Output_0: scores } = await session.run({
 *   Input3: { type: 'float32', data: pixels, dims: [1, 1, 28, 28] },
 * });
 * await session.dispose();
 */
export function createSession(model: GraphReference, options?: WithSnakeCase<SessionOptions>): Promise<Session> {
  return client.session(model, options);
}
