import type { RuntimeModule } from './runtime.ts';
import { startOnnxRuntime } from './onnx-runtime.ts';
import { loadTransformersEngine } from './transformers.ts';

/** The runtime's bundle: loaded by the worker on first use, because it is forty times the size of everything else. */
export const startRuntime: RuntimeModule['startRuntime'] = async (plan) => {
  await startOnnxRuntime(plan);
  return { load: loadTransformersEngine };
};
