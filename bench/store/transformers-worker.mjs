// @ts-check
// How transformers.js gets a file of a model: the function that its model loading calls, which the package does not export.
// Without a progress callback, as by default.
// @ts-expect-error The package declares types for its exports only.
import { env } from '../../node_modules/@huggingface/transformers/src/env.js';
// @ts-expect-error The same.
import { getModelFile } from '../../node_modules/@huggingface/transformers/src/utils/hub.js';
import { answerCalls } from './pages/answer-calls.mjs';

// As in the bench "start": the files come from this server, not from the Hub.
env.allowLocalModels = true;
env.localModelPath = '/models/';

answerCalls({
  async store({ model, path }) {
    await getModelFile(model, path);
    // It only warns where it could not store the file.
    if (!(await (await caches.open(env.cacheKey)).match(`/models/${model}/${path}`)))
      throw new Error(`${path} was not stored.`);
  },
  async read({ model, path }) {
    return getModelFile(model, path);
  },
});
