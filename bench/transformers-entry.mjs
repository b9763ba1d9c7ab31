// @ts-check
// What an application's bundle holds of transformers.js. Vite bundles and minifies it before the run.
export { env, pipeline } from '@huggingface/transformers';
