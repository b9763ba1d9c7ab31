import type { SessionTensor } from '../../protocol/session.ts';
import { startOnnxRuntime } from './onnx-runtime.ts';
import { heapSize, ortHeap } from './ort-factory.ts';
import { type OrtSession, createOrtSession } from './ort-session.ts';
import { toRuntimeError } from '../runtime-error.ts';
import type { GraphSession } from '../runtime.ts';

/** See `Runtime.openGraph`. */
export async function openGraphSession(graph: Uint8Array): Promise<GraphSession> {
  await startOnnxRuntime();
  const session = failingAs('load', () => createOrtSession(ortHeap(), graph));
  return {
    inputs: session.inputs,
    outputs: session.outputs,
    run: async (feeds, wanted) => failingAs('run', () => readAll(session.run(feeds, wanted))),
    dispose: async () => session.release(),
  };
}

function readAll(results: ReturnType<OrtSession['run']>): Record<string, SessionTensor> {
  try {
    return Object.fromEntries(
      Object.entries(results).map(([name, value]) => {
        const { type, dims } = value;
        return [name, { type, data: value.read(), dims } as SessionTensor];
      }),
    );
  } finally {
    for (const value of Object.values(results)) value.release();
  }
}

function failingAs<T>(phase: 'load' | 'run', work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toRuntimeError(error, phase, heapSize());
  }
}
