import { describe, expect, it } from 'vitest';
import type { TaskDefinition } from '../task-definition.ts';
import { runTask } from './run-task.conformance.ts';
import { summarization } from './summarization.ts';
import { text2textGeneration } from './text2text-generation.ts';
import { textGeneration } from './text-generation.ts';
import { translation } from './translation.ts';

const rewriting: [string, TaskDefinition, string][] = [
  ['summarization', summarization, 'summary_text'],
  ['text2text generation', text2textGeneration, 'generated_text'],
  ['translation', translation, 'translation_text'],
];

/** Writes in capitals. */
const loudly =
  (key: string) =>
  ([text]: readonly unknown[]) => [{ [key]: String(text).toUpperCase() }];

describe.each(rewriting)('%s', (_, task, key) => {
  it('gives a list for a text, and one for several, which are written one by one', async () => {
    expect((await runTask(task, loudly(key), ['a'])).value).toEqual([{ [key]: 'A' }]);
    const { value, asked, progress } = await runTask(task, loudly(key), [['a', 'b']]);
    expect(value).toEqual([{ [key]: 'A' }, { [key]: 'B' }]);
    expect(asked.map(({ inputs }) => inputs)).toEqual([['a'], ['b']]);
    expect(progress).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect((await runTask(task, loudly(key), [[]])).value).toEqual([]);
  });

  it('streams the text of one input, and tells what it took', async () => {
    const { value, chunks } = await runTask(task, loudly(key), ['a'], {}, { streaming: true });
    expect(chunks).toEqual(['a piece']);
    expect(value).toEqual({
      output: [{ [key]: 'A' }],
      usage: { promptTokens: 3, completionTokens: 2 },
      finishReason: 'stop',
    });
    await expect(runTask(task, loudly(key), [['a', 'b']], {}, { streaming: true })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it.each([undefined, null, 42, {}, [1], ['a', null]])('refuses the input %j', async (input) => {
    await expect(runTask(task, loudly(key), [input])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      hint: expect.stringContaining('string'),
    });
  });

  it('passes on its options as transformers.js spells them', async () => {
    const given = {
      maxNewTokens: 5,
      doSample: true,
      topK: 0,
      topP: 0.5,
      temperature: 0.7,
      noRepeatNgramSize: 2,
      seed: 1,
    };
    const { asked } = await runTask(task, loudly(key), ['a'], given);
    expect(asked[0]!.options).toEqual({
      max_new_tokens: 5,
      do_sample: true,
      top_k: 0,
      top_p: 0.5,
      temperature: 0.7,
      no_repeat_ngram_size: 2,
      seed: 1,
    });
  });

  it.each([
    { maxNewTokens: 0 },
    { maxNewTokens: 1.5 },
    { temperature: -1 },
    { temperature: Number.NaN },
    { topP: 2 },
    { topK: -1 },
    { seed: 1.5 },
    { stop: 1 },
    { stop: [1] },
    { doSample: 'yes' },
    { numBeams: 4 },
  ])('refuses the options %o', async (options) => {
    await expect(runTask(task, loudly(key), ['a'], options)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });
});

it('translation takes the languages', async () => {
  const { asked } = await runTask(translation, loudly('translation_text'), ['a'], { src_lang: 'en', tgtLang: 'fr' });
  expect(asked[0]!.options).toEqual({ src_lang: 'en', tgt_lang: 'fr' });
});

describe('text generation', () => {
  const chat = [
    { role: 'system', content: 'Be short.' },
    { role: 'user', content: 'Who?' },
  ];
  const answers = ([prompt]: readonly unknown[]) =>
    typeof prompt === 'string'
      ? [{ generated_text: `${prompt}!` }]
      : [{ generated_text: [...(prompt as object[]), { role: 'assistant', content: 'Me.' }] }];
  const answered = [{ generated_text: [...chat, { role: 'assistant', content: 'Me.' }] }];

  it.each<[string, unknown, unknown, unknown[]]>([
    ['a text', 'a', [{ generated_text: 'a!' }], ['a']],
    ['several', ['a', 'b'], [[{ generated_text: 'a!' }], [{ generated_text: 'b!' }]], ['a', 'b']],
    ['none', [], [], []],
    ['a conversation', chat, answered, [chat]],
    ['several conversations', [chat, chat], [answered, answered], [chat, chat]],
  ])('answers %s', async (_, input, expected, prompts) => {
    const { value, asked } = await runTask(textGeneration, answers, [input]);
    expect(value).toEqual(expected);
    expect(asked.map(({ inputs }) => inputs)).toEqual(prompts.map((prompt) => [prompt]));
  });

  it.each<[string, unknown, unknown]>([
    ['a text', 'a', [{ generated_text: 'a!' }]],
    ['a conversation, which is one input', chat, answered],
  ])('streams %s', async (_, input, output) => {
    const { value, chunks } = await runTask(textGeneration, answers, [input], {}, { streaming: true });
    expect(chunks).toEqual(['a piece']);
    expect(value).toMatchObject({ output, usage: { promptTokens: 3, completionTokens: 2 } });
  });

  it.each([[['a', 'b']], [[chat]]])('streams no list of prompts', async (input) => {
    await expect(runTask(textGeneration, answers, [input], {}, { streaming: true })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  it.each([
    undefined,
    null,
    42,
    {},
    [undefined],
    ['a', 1],
    [{ role: 'user' }],
    [{ content: 'Who?' }],
    [{ role: 'user', content: 1 }],
    [chat, [{ role: 'user' }]],
  ])('refuses the input %j', async (input) => {
    await expect(runTask(textGeneration, answers, [input])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      hint: expect.stringContaining('conversation'),
    });
  });

  it('passes on what its template takes', async () => {
    const tools = [{ type: 'function' }];
    const options = { tools, documents: [{ text: 'a' }], chatTemplate: '{{ messages }}', returnFullText: false };
    const { asked } = await runTask(textGeneration, answers, [chat], options);
    expect(asked[0]!.options).toEqual({
      tools,
      documents: [{ text: 'a' }],
      chat_template: '{{ messages }}',
      return_full_text: false,
    });
    await expect(runTask(textGeneration, answers, [chat], { tools: ['search'] })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
    });
  });
});
