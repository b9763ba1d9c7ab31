import { InsituError } from '../errors/insitu-error.ts';
import { openGraphSession } from './onnx/graph-session.ts';
import { interruptOfRuns } from './onnx/interrupt.ts';
import { configureOnnxRuntime, startOnnxRuntime } from './onnx/onnx-runtime.ts';
import { heapSize } from './onnx/ort-factory.ts';
import type { RuntimeModule } from './runtime.ts';
import { loadTransformersEngine } from './transformers/transformers.ts';

/** The runtime's bundle: loaded by the worker on first use, because it is twenty times the size of everything else. */
export const startRuntime: RuntimeModule['startRuntime'] = (plan, assets) => {
  if (plan.simd === 'none') {
    throw new InsituError('DEVICE_UNAVAILABLE', 'This browser has no WebAssembly SIMD.', {
      hint: 'Use Chrome 116, Firefox 124, Safari 17.4 or newer.',
    });
  }
  configureOnnxRuntime(plan, assets);
  return {
    get heap() {
      return heapSize();
    },
    get interrupt() {
      return interruptOfRuns();
    },
    prepare: () => startOnnxRuntime().catch(() => {}),
    load: loadTransformersEngine,
    openGraph: openGraphSession,
  };
};
