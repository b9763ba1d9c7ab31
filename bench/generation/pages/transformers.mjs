// @ts-check
import { TextStreamer, env, pipeline } from '@huggingface/transformers';
import { startHarness } from './harness.mjs';

// All that differs from the defaults is where the files come from: this server, not the Hub and not jsDelivr.
env.allowLocalModels = true;
env.localModelPath = '/models/';
Object.assign(env.backends.onnx.wasm ?? {}, {
  wasmPaths: {
    mjs: '/onnxruntime/ort-wasm-simd-threaded.asyncify.mjs',
    wasm: '/onnxruntime/ort-wasm-simd-threaded.asyncify.wasm',
  },
});

startHarness(async (model, dtype) => {
  const write = await pipeline('text-generation', model, { dtype });
  const options = (/** @type {number} */ tokens) => ({
    max_new_tokens: tokens,
    min_new_tokens: tokens,
    do_sample: false,
  });
  return {
    async call(prompt, tokens) {
      const [first] = /** @type {{ generated_text: string }[]} */ (await write(prompt, options(tokens)));
      return String(first?.generated_text);
    },
    async stream(prompt, tokens, onPiece) {
      const streamer = new TextStreamer(write.tokenizer, { skip_prompt: true, callback_function: onPiece });
      await write(prompt, { ...options(tokens), streamer });
    },
  };
});
