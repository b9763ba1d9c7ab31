import { env, pipeline } from '/transformers/transformers.min.js';

env.allowLocalModels = true;
env.allowRemoteModels = false;
env.localModelPath = '/models/';
env.useBrowserCache = false;
env.useWasmCache = false;
env.backends.onnx.wasm.wasmPaths = '/onnxruntime/';
globalThis.embedder = (model, options) => pipeline('feature-extraction', model, options);
globalThis.classifier = (model, options) => pipeline('text-classification', model, options);
