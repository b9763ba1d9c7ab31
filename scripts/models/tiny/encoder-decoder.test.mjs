// @ts-check
import { AutoModelForSeq2SeqLM, AutoTokenizer, Tensor } from '@huggingface/transformers';
import { expect, test } from 'vitest';
import { openPipeline } from './open-pipeline.mjs';
import { tinyText2text } from './text2text.mjs';
import { tinyTranslation } from './translation.mjs';

const options = { max_new_tokens: 40 };
const prompts = ['Once upon a time', 'hello world', 'the river runs', 'the long river'];

test('texts depend on the prompt, and a summary is another text', async () => {
  const generate = await openPipeline(tinyText2text);
  const summarize = await openPipeline(tinyText2text, 'summarization');
  const texts = [];
  for (const prompt of prompts) {
    const [generated] = /** @type {[{ generated_text: string }]} */ (await generate(prompt, options));
    const [summary] = /** @type {[{ summary_text: string }]} */ (await summarize(prompt, options));
    texts.push(generated.generated_text, summary.summary_text);
  }
  expect(new Set(texts).size).toBe(2 * prompts.length);
  await Promise.all([generate.dispose(), summarize.dispose()]);
});

test('a translation depends on the text and on both languages', async () => {
  const translate = await openPipeline(tinyTranslation);
  const texts = [];
  for (const prompt of prompts) {
    for (const [source, target] of [
      ['eng_Latn', 'fra_Latn'],
      ['eng_Latn', 'deu_Latn'],
      ['fra_Latn', 'deu_Latn'],
    ]) {
      const languages = { src_lang: source, tgt_lang: target };
      const [result] = /** @type {[{ translation_text: string }]} */ (
        await translate(prompt, { ...options, ...languages })
      );
      texts.push(result.translation_text);
    }
  }
  expect(new Set(texts).size).toBe(3 * prompts.length);
  await translate.dispose();
});

test('with its caches it continues as it does without, and some texts end', async () => {
  await (await openPipeline(tinyText2text)).dispose();
  const tokenizer = await AutoTokenizer.from_pretrained(tinyText2text.id);
  const model = await AutoModelForSeq2SeqLM.from_pretrained(tinyText2text.id, { dtype: 'fp32' });
  const lengths = [];
  for (const prompt of prompts) {
    const inputs = tokenizer(prompt);
    const output = /** @type {Tensor} */ (await model.generate({ ...inputs, ...options }));
    const ids = /** @type {BigInt64Array} */ (output.data);
    const { logits } = await model({ ...inputs, decoder_input_ids: new Tensor('int64', ids, [1, ids.length]) });
    const size = logits.dims[2];
    const best = Array.from(ids.subarray(1), (_, place) => {
      const row = /** @type {Float32Array} */ (logits.data).subarray(place * size, (place + 1) * size);
      return BigInt(row.indexOf(Math.max(...row)));
    });
    expect(best).toEqual([...ids.subarray(1)]);
    lengths.push(best.length);
  }
  expect(Math.min(...lengths)).toBeLessThan(options.max_new_tokens);
  expect(Math.max(...lengths)).toBe(options.max_new_tokens);
  await model.dispose();
});
