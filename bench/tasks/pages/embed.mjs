// @ts-check
import { createClient } from 'insitu';
import { pipeline } from '../../pages/transformers.mjs';

/** @typedef {{ data: Float32Array, dims: readonly number[] }} Embeddings */

/** @param {{ model: string, texts: string[], chunk: number }} given */
export async function prepare({ model, texts, chunk }) {
  const options = /** @type {const} */ ({ pooling: 'mean', normalize: true });
  const theirs = await pipeline('feature-extraction', model, { dtype: 'q8' });
  const ours = await createClient().pipeline('feature-extraction', `/models/${model}/`, { dtype: 'q8' });
  const spread = await createClient({ workers: navigator.hardwareConcurrency }).pipeline(
    'feature-extraction',
    `/models/${model}/`,
    { dtype: 'q8', replicas: 'auto' },
  );
  return {
    sides: {
      async 'transformers.js, batch'() {
        const parts = [];
        for (let from = 0; from < texts.length; from += chunk) {
          parts.push((await theirs(texts.slice(from, from + chunk), options)).data);
        }
        return parts.flatMap((data) => rowsOf(data, 384));
      },
      async 'transformers.js, one by one'() {
        const parts = [];
        for (const text of texts) parts.push((await theirs(text, options)).data);
        return parts;
      },
      insitu: () => ours(texts, options),
      'insitu, replicas': () => spread(texts, options),
    },
    notes: [`insitu plans ${ours.plan.threads} threads; replicas: ${navigator.hardwareConcurrency} workers.`],
    compare: compareEmbeddings,
  };
}

/** @param {Record<string, any>} results */
function compareEmbeddings(results) {
  const alone = results['transformers.js, one by one'];
  return [
    {
      what: 'Cosine distance of insitu from transformers.js one by one',
      largest: farthest(rowsOf(results['insitu'].data, 384), alone),
      most: 1e-4,
    },
    {
      what: 'Cosine distance of the replicas from transformers.js one by one',
      largest: farthest(rowsOf(results['insitu, replicas'].data, 384), alone),
      most: 1e-4,
    },
    {
      what: "Cosine distance of transformers.js's batch from its one by one",
      largest: farthest(results['transformers.js, batch'], alone),
      most: 0.1,
    },
  ];
}

/** @param {any} data @param {number} size @returns {Float32Array[]} */
function rowsOf(data, size) {
  return Array.from({ length: data.length / size }, (_, row) => data.subarray(row * size, (row + 1) * size));
}

/** @param {Float32Array[]} a @param {Float32Array[]} b Vectors of length 1. */
function farthest(a, b) {
  if (a.length !== b.length) return NaN;
  return Math.max(
    ...a.map((row, index) => 1 - row.reduce((sum, value, place) => sum + value * Number(b[index]?.[place]), 0)),
  );
}
