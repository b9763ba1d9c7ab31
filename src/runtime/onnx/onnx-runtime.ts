import { InferenceSession, env } from 'onnxruntime-web/wasm';
import type { DevicePlan } from '../../protocol/device-plan.ts';
import type { OrtAssets } from './ort-assets.ts';
import { provideOrtAssets } from './ort-factory.ts';

let assets: OrtAssets | undefined;
let started: Promise<void> | undefined;

export function configureOnnxRuntime(plan: DevicePlan, provided: OrtAssets): void {
  assets = provided;
  provideOrtAssets(provided);
  env.wasm.numThreads = plan.threads;
  env.logLevel = 'fatal';
}

/**
 * Initialises ONNX Runtime, once. Ready when sessions can be made.
 *
 * @throws InsituError if a file of ONNX Runtime could not be loaded.
 */
export function startOnnxRuntime(): Promise<void> {
  if (!started) {
    started = initialise(assets!);
    // Whoever makes a session sees the failure; it must not count as unhandled before that.
    started.catch(() => {});
  }
  return started;
}

async function initialise(assets: OrtAssets): Promise<void> {
  // ONNX Runtime would remember a failure to load them for ever, so it is not asked before they are here.
  await Promise.all([assets.factory, assets.wasm]);
  // Its public surface initialises it only on the way to a session. It is asked for one of an empty model and refuses, which
  // costs nothing. A failure of the initialisation itself comes back with the first real session.
  await InferenceSession.create(new Uint8Array(1), { executionProviders: ['wasm'] }).catch(() => {});
}
