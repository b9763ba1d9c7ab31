// @ts-check
import { env, pipeline } from '@huggingface/transformers';
import { startHarness } from './harness.mjs';
import { sentence } from './sentence.mjs';

// All that differs from the defaults is where the files come from: this server, not the Hub and not jsDelivr.
env.allowLocalModels = true;
env.localModelPath = '/models/';
Object.assign(env.backends.onnx.wasm ?? {}, {
  wasmPaths: {
    mjs: '/onnxruntime/ort-wasm-simd-threaded.asyncify.mjs',
    wasm: '/onnxruntime/ort-wasm-simd-threaded.asyncify.wasm',
  },
});

startHarness(
  sentence,
  async () => {
    const embed = await pipeline('feature-extraction', 'insitu/all-MiniLM-L6-v2', { dtype: 'q8' });
    return {
      async embed(input) {
        const { data, dims } = await embed(input, { pooling: 'mean', normalize: true });
        return { data: /** @type {Float32Array} */ (data), dims };
      },
      tokenLengths: (texts) => texts.map((text) => embed.tokenizer.encode(text).length),
    };
  },
  async () => {
    if (!(await caches.has(env.cacheKey))) return [];
    return (await (await caches.open(env.cacheKey)).keys()).map(({ url }) => url);
  },
);
