// @ts-check
import { env } from '@huggingface/transformers';
import { pipeline } from '../../pages/transformers.mjs';
import { startHarness } from './harness.mjs';
import { sentence } from './sentence.mjs';

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
