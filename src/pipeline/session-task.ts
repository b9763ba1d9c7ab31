import type { OptionCheck } from '../errors/check-options.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { GraphSignature, SessionTensor } from '../protocol/session.ts';
import type { FileSource, GraphSession, Runtime } from '../runtime/runtime.ts';
import { buffersOf } from './engine-task.ts';
import type { TaskDefinition } from './task-definition.ts';

/**
 * A graph that runs on tensors of the page. A call without any tells what the graph takes and gives.
 *
 * @param path Of the graph, inside the model's folder.
 */
export function sessionTask(path: string): TaskDefinition {
  return {
    takes: 'text',
    options: { outputs: names },
    async load(runtime, { files }) {
      const session = await openGraph(runtime, files, path);
      const { inputs, outputs } = session;
      return {
        async run([feeds], { outputs: wanted }, { step }) {
          if (feeds === undefined) return { value: { inputs, outputs } satisfies GraphSignature, transfer: [] };
          const tensors = feeds as Record<string, SessionTensor>;
          const value = await step(() => session.run(tensors, wanted as string[] | undefined));
          return { value, transfer: buffersOf(value) };
        },
        dispose: () => session.dispose(),
      };
    },
  };
}

/** @throws InsituError `MODEL_NOT_FOUND`, and what the runtime and the files throw. */
export async function openGraph(runtime: Runtime, files: FileSource, path: string): Promise<GraphSession> {
  const graph = await files(path);
  if (graph) return runtime.openGraph(graph);
  throw new InsituError('MODEL_NOT_FOUND', `The model has no file ${path}.`, {
    hint: 'Name the file of its graph, as it is called in the folder of the model.',
  });
}

const names: OptionCheck = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string')
    ? undefined
    : 'must be an array of names';
