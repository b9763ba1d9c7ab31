// @ts-check
import { pipeline as insituPipeline } from 'insitu';
import { pipeline } from '../../pages/transformers.mjs';

/** @param {{ model: string, dtype: 'q8' | 'fp32', image: string }} given */
export async function prepare({ model, dtype, image }) {
  const theirs = await pipeline('image-classification', model, { dtype });
  const ours = await insituPipeline('image-classification', `/models/${model}/`, { dtype });
  const blob = await (await fetch(image)).blob();
  const large = await enlarge(blob, 4000, 3000);
  const url = new URL(image, location.href).href;
  return {
    sides: {
      'transformers.js, Blob': () => theirs(blob),
      'insitu, Blob': () => ours(blob),
      'transformers.js, URL': () => theirs(url),
      'insitu, URL': () => ours(url),
      'transformers.js, large Blob': () => theirs(large),
      'insitu, large Blob': () => ours(large),
    },
    notes: [`insitu plans ${ours.plan.threads} threads.`],
    compare: (/** @type {Record<string, any>} */ results) =>
      ['Blob', 'URL', 'large Blob'].map((input) => ({
        what: `Difference of a score, ${input}`,
        largest: farthest(results[`insitu, ${input}`], results[`transformers.js, ${input}`]),
        most: 1e-4,
      })),
  };
}

/** A photo of a camera's size. @param {Blob} blob @param {number} width @param {number} height */
async function enlarge(blob, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.drawImage(await createImageBitmap(blob), 0, 0, width, height);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
}

/**
 * @param {{ label: string, score: number }[]} a
 * @param {{ label: string, score: number }[]} b
 */
function farthest(a, b) {
  if (a.length !== b.length) return NaN;
  return Math.max(
    ...a.map(({ label, score }, index) => (label === b[index]?.label ? Math.abs(score - b[index].score) : NaN)),
  );
}
