// @ts-check
// transformers.js as a page has it: on the main thread, with the runtime that it picks itself. All that differs from the defaults is
// where the files come from: this server, not the Hub and not jsDelivr.
import { env } from '@huggingface/transformers';

env.allowLocalModels = true;
env.localModelPath = '/models/';
Object.assign(env.backends.onnx.wasm ?? {}, {
  wasmPaths: {
    mjs: '/onnxruntime/ort-wasm-simd-threaded.asyncify.mjs',
    wasm: '/onnxruntime/ort-wasm-simd-threaded.asyncify.wasm',
  },
});

export { pipeline } from '@huggingface/transformers';
