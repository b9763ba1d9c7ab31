// @ts-check
import { AutoModelForCausalLM, AutoTokenizer, Tensor } from '@huggingface/transformers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPipeline } from './open-pipeline.mjs';
import { tinyTextGeneration } from './text-generation.mjs';

const maximalLength = 60;
const endId = 1n;
const prompts = ['Once upon a time', 'hello world', 'what is the capital?', 'I love', '日本'];

/** @type {import('@huggingface/transformers').PreTrainedTokenizer} */
let tokenizer;
/** @type {import('@huggingface/transformers').PreTrainedModel} */
let model;

beforeAll(async () => {
  await (await openPipeline(tinyTextGeneration)).dispose();
  tokenizer = await AutoTokenizer.from_pretrained(tinyTextGeneration.id);
  model = await AutoModelForCausalLM.from_pretrained(tinyTextGeneration.id, { dtype: 'fp32' });
});

afterAll(() => model.dispose());

/** @param {string} prompt */
async function generate(prompt) {
  const inputs = tokenizer(prompt);
  const output = await model.generate({ ...inputs, max_new_tokens: maximalLength, do_sample: false });
  const ids = /** @type {bigint[]} */ ([.../** @type {Tensor} */ (output).data]);
  return { ids, continuation: ids.slice(inputs.input_ids.dims[1]) };
}

test('texts differ by prompt, and some end before the greatest length', async () => {
  const continuations = await Promise.all(prompts.map(async (prompt) => (await generate(prompt)).continuation));
  expect(new Set(continuations.map(String)).size).toBe(prompts.length);
  const ended = continuations.filter((ids) => ids.at(-1) === endId);
  expect(ended.length).toBeGreaterThan(1);
  expect(ended.length).toBeLessThan(prompts.length);
  expect(Math.max(...ended.map((ids) => ids.length))).toBeGreaterThan(10);
});

test('the text has characters of several tokens, whole ones', async () => {
  const { continuation } = await generate('hello world');
  const text = tokenizer.decode(continuation, { skip_special_tokens: true });
  expect(text).toMatch(/[🎉🚀]/u);
  expect(text).toMatch(/é|日|\u0301/);
  expect(continuation.length).toBeGreaterThan(text.length / 4);
  expect(text).not.toContain('\uFFFD');
});

test('with its cache it continues as it does without', async () => {
  const { ids, continuation } = await generate('Once upon a time');
  const start = ids.length - continuation.length;
  const dims = [1, ids.length];
  const { logits } = await model({
    input_ids: new Tensor('int64', BigInt64Array.from(ids), dims),
    attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), dims),
  });
  const size = logits.dims[2];
  const best = continuation.map((_, index) => {
    const place = start + index - 1;
    const row = /** @type {Float32Array} */ (logits.data).subarray(place * size, (place + 1) * size);
    return BigInt(row.indexOf(Math.max(...row)));
  });
  expect(best).toEqual(continuation);
});

test('a chat goes through the template', async () => {
  const messages = [{ role: 'user', content: 'hello' }];
  const options = { tokenize: false, add_generation_prompt: true };
  expect(tokenizer.apply_chat_template(messages, options)).toBe('<s><|user|>hello</s><|assistant|>');
  expect(
    tokenizer('<s><|user|>hello</s><|assistant|>', { add_special_tokens: false }).input_ids.data.slice(0, 2),
  ).toEqual(BigInt64Array.of(0n, 4n));
});

test('what is longer than the model takes is cut, and still goes on', async () => {
  const inputs = tokenizer('the river runs '.repeat(1000), { truncation: true });
  expect(inputs.input_ids.dims).toEqual([1, 256]);
  const output = /** @type {Tensor} */ (await model.generate({ ...inputs, max_new_tokens: 3, do_sample: false }));
  expect(output.dims[1]).toBeGreaterThan(256);
});
