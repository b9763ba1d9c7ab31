// @ts-check
import { pipeline } from 'insitu';
import { startHarness } from './harness.mjs';

startHarness(async (model, dtype) => {
  const write = await pipeline('text-generation', `/models/${model}/`, { dtype });
  const options = (/** @type {number} */ tokens) => ({ maxNewTokens: tokens, minNewTokens: tokens, doSample: false });
  return {
    async call(prompt, tokens) {
      const [first] = await write(prompt, options(tokens));
      return String(first?.generated_text);
    },
    async stream(prompt, tokens, onPiece) {
      for await (const _ of write.stream(prompt, options(tokens))) onPiece();
    },
  };
});
