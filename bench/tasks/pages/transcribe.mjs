// @ts-check
import { pipeline as insituPipeline } from 'insitu';
import { pipeline } from '../../pages/transformers.mjs';

const rate = 16_000;

/** @param {{ model: string, recording?: string }} given */
export async function prepare({ model, recording }) {
  const theirs = await pipeline('automatic-speech-recognition', model, { dtype: 'q8' });
  const ours = await insituPipeline('automatic-speech-recognition', `/models/${model}/`, { dtype: 'q8' });
  const input = recording
    ? new URL(recording, location.href).href
    : Float32Array.from({ length: 11 * rate }, (_, index) => Math.sin((2 * Math.PI * 220 * index) / rate) / 4);
  return {
    sides: { 'transformers.js': () => theirs(input), insitu: () => ours(input) },
    notes: [`insitu plans ${ours.plan.threads} threads.`],
    compare: (/** @type {Record<string, any>} */ results) => [
      {
        what: 'Texts that differ',
        largest: results['insitu'].text === results['transformers.js'].text ? 0 : 1,
        most: 0,
      },
    ],
  };
}
