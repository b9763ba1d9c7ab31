/**
 * What transformers.js gets wherever it imports `onnxruntime-web/webgpu` or `onnxruntime-common` (the bundler's alias): one
 * runtime for everybody, and a seam where sessions can be served by another one.
 */
import { Tensor } from 'onnxruntime-web/wasm';
import { heldValue, holdTensor } from './held-tensor.ts';
import { startOnnxRuntime } from './onnx-runtime.ts';
import { ortHeap } from './ort-factory.ts';
import { type OrtSessionOptions, createOrtSession, noTensor } from './ort-session.ts';
import type { GivenTensor, OrtValue } from './ort-value.ts';

export { Tensor };

/** Only what transformers.js reads; without a version it leaves the paths of the WebAssembly alone. */
export const env = { wasm: { proxy: false }, versions: {} };

type Tensors = Record<string, Tensor>;

/** The part of a session that transformers.js uses. */
export interface FacadeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly inputMetadata: readonly object[];
  config?: unknown;
  /**
   * @param held Key-values stay in the runtime's memory and are in this set until transformers.js has replaced them by others; its owner
   * frees the last. Without it they are copied, like every other result.
   */
  run(feeds: Tensors, held?: Set<OrtValue>): Promise<Tensors>;
  release(): Promise<void>;
}

export const InferenceSession = {
  async create(model: Uint8Array, options: OrtSessionOptions): Promise<FacadeSession> {
    await startOnnxRuntime();
    const session = createOrtSession(ortHeap(), model, options);
    const wanted = session.outputs.map(({ name }) => name).filter((name) => !isNeverRead(name));
    return {
      inputNames: session.inputs.map(({ name }) => name),
      outputNames: session.outputs.map(({ name }) => name),
      inputMetadata: session.inputs.map(({ name, type, dims }) => ({
        name,
        isTensor: type !== noTensor,
        type,
        shape: dims,
      })),
      async run(feeds, held) {
        const inputs = Object.entries(feeds).map(([name, tensor]) => [
          name,
          heldValue(tensor) ?? (tensor as GivenTensor),
        ]);
        return toTensors(session.run(Object.fromEntries(inputs), wanted), held);
      },
      release: async () => session.release(),
    };
  },
};

/** Key-values of a decoder, by the names that Optimum gives them. */
const isKeyValue = (name: string) => name.startsWith('present');

/** What an encoder attends to: transformers.js looks at none of it, and Whisper's is 54 MB for each layer. */
const isNeverRead = (name: string) => name.startsWith('encoder_attentions');

function toTensors(results: Record<string, OrtValue>, held?: Set<OrtValue>): Tensors {
  try {
    return Object.fromEntries(
      Object.entries(results).map(([name, value]) => {
        const tensor = held && isKeyValue(name) ? holdTensor(value, held) : undefined;
        return [name, tensor ?? new Tensor(value.type as 'float32', value.read() as Float32Array, value.dims)];
      }),
    );
  } finally {
    for (const value of Object.values(results)) if (!held?.has(value)) value.release();
  }
}
