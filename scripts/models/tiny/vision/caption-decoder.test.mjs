// @ts-check
import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { tinyDocumentQuestionAnswering } from './document-question-answering.mjs';
import { tinyImageToText } from './image-to-text.mjs';

ort.env.wasm.numThreads = 1;

/** @typedef {Record<string, ort.Tensor>} Tensors */

/**
 * @param {ort.InferenceSession} session
 * @param {number[]} ids
 * @param {Tensors} cache Empty: nothing is cached.
 * @returns {Promise<{ logits: ort.Tensor, cache: Tensors }>}
 */
async function decode(session, ids, cache) {
  const isFirst = Object.keys(cache).length === 0;
  const names = session.inputNames.filter((name) => name.startsWith('past_key_values'));
  const nothing = Object.fromEntries(names.map((name) => [name, new ort.Tensor('float32', [], [1, 2, 0, 8])]));
  const image = Float32Array.from({ length: 4 * 16 }, (_, index) => Math.sin(index));
  const results = await session.run({
    input_ids: new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
    encoder_hidden_states: new ort.Tensor('float32', image, [1, 4, 16]),
    use_cache_branch: new ort.Tensor('bool', [!isFirst], [1]),
    ...(isFirst ? nothing : cache),
  });
  const { logits, ...present } = /** @type {Tensors & { logits: ort.Tensor }} */ (results);
  const entries = Object.entries(present).map(([name, tensor]) => [name.replace('present', 'past_key_values'), tensor]);
  return { logits, cache: Object.fromEntries(entries) };
}

test.each([tinyImageToText, tinyDocumentQuestionAnswering])(
  '$id says the same with a cache as without',
  async (model) => {
    const bytes = /** @type {Uint8Array} */ (model.files()['onnx/decoder_model_merged.onnx']);
    const session = await ort.InferenceSession.create(bytes);
    const ids = [5, 9, 12, 7, 20];
    const whole = await decode(session, ids, {});
    const start = await decode(session, ids.slice(0, 3), {});
    const middle = await decode(session, ids.slice(3, 4), start.cache);
    const end = await decode(session, ids.slice(4), middle.cache);
    const expected = /** @type {Float32Array} */ (whole.logits.data).subarray(-end.logits.data.length);
    expect(end.logits.dims[1]).toBe(1);
    for (const [index, value] of /** @type {Float32Array} */ (end.logits.data).entries()) {
      expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 3);
    }
    await session.release();
  },
);
