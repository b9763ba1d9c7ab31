/**
 * What transformers.js gets wherever it imports `onnxruntime-web/webgpu` or `onnxruntime-common` (the bundler's alias): one
 * runtime for everybody, and a seam where sessions can be served by another one.
 */
import { InferenceSession as OrtSession, Tensor } from 'onnxruntime-web/wasm';
import { forgetInterrupt } from './interrupt.ts';
import { startOnnxRuntime } from './onnx-runtime.ts';

export { Tensor };

/** Only what transformers.js reads; without a version it leaves the paths of the WebAssembly alone. */
export const env = { wasm: { proxy: false }, versions: {} };

type Feeds = Parameters<OrtSession['run']>[0];
type SessionOptions = NonNullable<Parameters<typeof OrtSession.create>[1]>;

/** The part of a session that transformers.js uses. */
export interface FacadeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata: unknown;
  readonly outputMetadata: unknown;
  config?: unknown;
  run(feeds: Feeds): Promise<object>;
  release(): Promise<void>;
}

export const InferenceSession = {
  async create(model: Uint8Array, options: SessionOptions): Promise<FacadeSession> {
    await startOnnxRuntime();
    const session = await OrtSession.create(model, options);
    return {
      inputNames: session.inputNames,
      outputNames: session.outputNames,
      inputMetadata: session.inputMetadata,
      outputMetadata: session.outputMetadata,
      run: (feeds) => session.run(feeds).finally(forgetInterrupt),
      release: () => session.release(),
    };
  },
};
