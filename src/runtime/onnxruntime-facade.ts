/**
 * What transformers.js gets wherever it imports `onnxruntime-web/webgpu` or `onnxruntime-common` (the bundler's alias): one
 * runtime for everybody, and a seam where sessions can be served by another one.
 *
 * transformers.js chains all loads, and all runs, on one promise each; after one rejection every later call is rejected with
 * the old error, until the page is reloaded. Sessions of this facade therefore never reject. They resolve to a value that
 * throws the failure as soon as it is touched, which happens after the chain and inside the call that failed.
 */
import { InferenceSession as OrtSession, Tensor } from 'onnxruntime-web/wasm';
import { forgetInterrupt } from './interrupt.ts';
import { startOnnxRuntime } from './onnx-runtime.ts';

export { Tensor };

/** Only what transformers.js reads; without a version it leaves the paths of the WebAssembly alone. */
export const env = { wasm: { proxy: false }, versions: {} };

type Feeds = Parameters<OrtSession['run']>[0];
type SessionOptions = NonNullable<Parameters<typeof OrtSession.create>[1]>;

/** A value that throws `error` when anything is read from it or written to it, except when a promise probes it. */
export function deferredFailure(error: unknown): object {
  const fail = (): never => {
    throw error;
  };
  return new Proxy(
    {},
    {
      get: (_, key) => (key === 'then' ? undefined : fail()),
      set: fail,
      has: fail,
      ownKeys: fail,
    },
  );
}

/** The part of a session that transformers.js uses. */
interface FacadeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata: unknown;
  readonly outputMetadata: unknown;
  config?: unknown;
  run(feeds: Feeds): Promise<object>;
  release(): Promise<void>;
}

export const InferenceSession = {
  async create(model: Uint8Array, options: SessionOptions): Promise<object> {
    let session: OrtSession;
    try {
      await startOnnxRuntime();
      session = await OrtSession.create(model, options);
    } catch (error) {
      return deferredFailure(error);
    }
    const facade: FacadeSession = {
      inputNames: session.inputNames,
      outputNames: session.outputNames,
      inputMetadata: session.inputMetadata,
      outputMetadata: session.outputMetadata,
      run: (feeds) => session.run(feeds).catch(deferredFailure).finally(forgetInterrupt),
      release: () => session.release(),
    };
    return facade;
  },
};
