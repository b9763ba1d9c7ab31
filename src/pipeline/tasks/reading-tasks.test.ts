import { describe, expect, it, vi } from 'vitest';
import type { ZeroShotLabels } from '../../protocol/tasks/text-tasks.ts';
import type { Engine } from '../../runtime/runtime.ts';
import { fillMask } from './fill-mask.ts';
import { questionAnswering } from './question-answering.ts';
import { runTask } from './run-task.conformance.ts';
import { textToAudio } from './text-to-audio.ts';
import { tokenClassification } from './token-classification.ts';
import { zeroShotClassification } from './zero-shot-classification.ts';

const bad = (words: string | RegExp) => ({
  code: 'INPUT_INVALID',
  message: expect.stringMatching(words),
  hint: expect.stringMatching(/\w/),
});

describe('token classification', () => {
  const text = 'Zoë lives in New York.';
  const pieces = ['', 'zoe', 'lives', 'in', 'new', 'york', '.', ''];
  const engine = {
    tokenIds: () => pieces.map((_, id) => id),
    decode: (ids: readonly number[]) => ids.map((id) => pieces[id]!).join(' '),
    tokenLengths: (texts: readonly string[]) => texts.map(() => pieces.length),
  };
  /** The same labels for each text of a run. */
  const each = (labels: readonly object[]) => (inputs: readonly unknown[]) =>
    (inputs[0] as readonly string[]).map(() => labels);
  const found = [
    { entity: 'B-PER', score: 0.9, index: 1, word: 'zoe' },
    { entity: 'B-LOC', score: 0.8, index: 4, word: 'new' },
    { entity: 'I-LOC', score: 0.6, index: 5, word: 'york' },
  ];

  it('gives each token its place in the text', async () => {
    const { value, asked } = await runTask(tokenClassification, each(found), [text], {}, { engine });
    expect(asked).toEqual([{ inputs: [[text]], options: {} }]);
    expect(value).toEqual([
      { ...found[0], start: 0, end: 3 },
      { ...found[1], start: 13, end: 16 },
      { ...found[2], start: 17, end: 21 },
    ]);
  });

  it('joins tokens to entities', async () => {
    const options = { aggregation_strategy: 'simple' };
    const { value } = await runTask(tokenClassification, each(found), [text], options, { engine });
    expect(value).toEqual([
      { entity_group: 'PER', score: 0.9, word: 'zoe', start: 0, end: 3 },
      { entity_group: 'LOC', score: expect.closeTo(0.7), word: 'new york', start: 13, end: 21 },
    ]);
  });

  it('passes on which labels to leave out, runs texts of one length together, and streams each', async () => {
    const options = { ignoreLabels: ['O', 'B-PER'] };
    const streaming = { engine, streaming: true };
    const { value, asked, chunks } = await runTask(tokenClassification, each([]), [[text, text]], options, streaming);
    expect(asked).toEqual([{ inputs: [[text, text]], options: { ignore_labels: ['O', 'B-PER'] } }]);
    expect(value).toEqual([[], []]);
    expect(chunks).toEqual([
      { index: 0, value: [] },
      { index: 1, value: [] },
    ]);
  });

  it('refuses what is no text, and options that are none', async () => {
    await expect(runTask(tokenClassification, () => [], [7], {}, { engine })).rejects.toMatchObject(bad('number 7'));
    for (const options of [{ aggregationStrategy: 'max' }, { ignoreLabels: 'O' }, { ignoreLabels: [1] }]) {
      await expect(runTask(tokenClassification, () => [], ['a'], options)).rejects.toMatchObject({
        code: 'OPTION_INVALID',
      });
    }
  });
});

describe('question answering', () => {
  const context = 'Ada lives in São Paulo.';
  const best = { answer: 'sao paulo', score: 0.7 };
  const engine = { tokenLengths: (texts: readonly string[]) => texts.map(({ length }) => length) };

  it('gives the answer and its place in the context', async () => {
    const { value, asked } = await runTask(questionAnswering, () => [best], ['Where?', context]);
    expect(asked).toEqual([{ inputs: [['Where?'], [context]], options: { top_k: 1 } }]);
    expect(value).toEqual({ ...best, start: 13, end: 22 });
  });

  it('gives several where more than one is wanted', async () => {
    const found = [[best, { answer: 'Ada', score: 0.1 }]];
    const { value } = await runTask(questionAnswering, () => found, ['Where?', context], { topK: 2 });
    expect(value).toEqual([
      { ...best, start: 13, end: 22 },
      { answer: 'Ada', score: 0.1, start: 0, end: 3 },
    ]);
  });

  it('asks each question of its own context, those of one length together', async () => {
    const answer = ([, texts]: readonly unknown[]) =>
      (texts as readonly string[]).map((text) => ({ answer: text, score: 1 }));
    const { value, asked, chunks } = await runTask(
      questionAnswering,
      answer,
      [
        ['q1', 'a long question', 'q3'],
        ['c1', 'c2', 'c3'],
      ],
      {},
      { engine, streaming: true },
    );
    expect(asked.map(({ inputs }) => inputs)).toEqual([
      [['a long question'], ['c2']],
      [
        ['q1', 'q3'],
        ['c1', 'c3'],
      ],
    ]);
    expect(value).toMatchObject([{ answer: 'c1' }, { answer: 'c2' }, { answer: 'c3' }]);
    expect(chunks).toMatchObject([
      { index: 1, value: { answer: 'c2' } },
      { index: 0, value: { answer: 'c1' } },
      { index: 2, value: { answer: 'c3' } },
    ]);
  });

  it.each([
    [[undefined, context], 'undefined'],
    [['Where?'], 'context is undefined'],
    [['Where?', 42], 'context is the number 42'],
    [[['q1', 'q2'], ['c1']], '2 questions and 1 contexts'],
  ])('refuses %j', async (inputs, words) => {
    await expect(runTask(questionAnswering, () => [best], inputs)).rejects.toMatchObject(bad(words));
  });
});

describe('zero-shot classification', () => {
  /** A model that names its labels in another order than most. A sentence follows from a text by as much as it has of its letters. */
  const createModel = () => {
    const runs: [readonly string[], readonly string[]][] = [];
    const engine: Partial<Engine> = {
      config: { id2label: { 0: 'ENTAILMENT', 1: 'neutral', 2: 'contradiction' } },
      tokenLengths: (texts) => texts.map(({ length }) => length),
      async forward(texts, pairs) {
        runs.push([texts, pairs]);
        const logits = texts.flatMap((text, row) => [
          [...text].filter((letter) => pairs[row]!.includes(letter)).length,
          9,
          1,
        ]);
        return { logits: { type: 'float32', data: Float32Array.from(logits), dims: [texts.length, 3] } };
      },
    };
    return { engine, runs };
  };
  const run = (inputs: readonly unknown[], options = {}, context = {}) => {
    const { engine, runs } = createModel();
    return runTask(zeroShotClassification, () => undefined, inputs, options, { engine, ...context }).then((done) => ({
      ...done,
      runs,
    }));
  };
  const sum = (scores: readonly number[]) => scores.reduce((total, score) => total + score, 0);

  it.each([
    ['a list', ['xy', 'abc']],
    ['a text with commas', 'xy, abc'],
  ])('holds a text against labels: %s', async (_, labels) => {
    const { value, runs } = await run(['abc', labels], { hypothesisTemplate: 'A {}.' });
    expect(runs.flatMap(([texts]) => texts)).toEqual(['abc', 'abc']);
    expect(new Set(runs.flatMap(([, pairs]) => pairs))).toEqual(new Set(['A abc.', 'A xy.']));
    expect(value).toEqual({
      sequence: 'abc',
      labels: ['abc', 'xy'],
      scores: [expect.closeTo(0.9526), expect.closeTo(0.0474)],
    });
  });

  it('scores each label by itself where several may fit, and where there is one', async () => {
    const options = { hypothesisTemplate: '{}', multi_label: true };
    const { value } = await run(['abc', ['a', 'abc']], options);
    // Against one logit of 1: e³/(e³+e) and e/(e+e).
    expect(value).toEqual({
      sequence: 'abc',
      labels: ['abc', 'a'],
      scores: [expect.closeTo(0.8808), expect.closeTo(0.5)],
    });
    const { value: one } = await run(['abc', ['a']], { hypothesisTemplate: '{}' });
    expect(one).toEqual({ sequence: 'abc', labels: ['a'], scores: [expect.closeTo(0.5)] });
  });

  it('writes a label into the sentence as it is', async () => {
    const { runs } = await run(['abc', ['$& and $1']]);
    expect(runs[0]![1]).toEqual(['This example is $& and $1.']);
  });

  it('runs pairs of one length together, whosever they are, and streams each text when all its labels are known', async () => {
    const texts = ['abc', 'xyz', 'a longer text than the others'];
    const options = { batchSize: 3, hypothesisTemplate: '{}' };
    const { value, runs, chunks, progress } = await run([texts, ['abc', 'xyz']], options, { streaming: true });
    expect(runs.map(([some]) => some)).toEqual([[texts[2], texts[2]], ['abc', 'abc', 'xyz'], ['xyz']]);
    expect(value).toMatchObject([
      { sequence: 'abc', labels: ['abc', 'xyz'] },
      { sequence: 'xyz', labels: ['xyz', 'abc'] },
      { sequence: texts[2] },
    ]);
    for (const { scores } of value as ZeroShotLabels[]) expect(sum(scores)).toBeCloseTo(1);
    expect(chunks).toEqual([2, 0, 1].map((index) => ({ index, value: (value as unknown[])[index] })));
    expect(progress).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it.each([
    [[1, ['x']], 'number 1'],
    [['a'], 'labels are undefined'],
    [['a', []], String.raw`labels are \[\]`],
    [['a', ['x', '']], 'labels'],
    [['a', ''], 'labels'],
    [['a', [1]], 'labels'],
    [['a', { x: 1 }], 'labels'],
  ])('refuses %j', async (inputs, words) => {
    await expect(run(inputs)).rejects.toMatchObject(bad(words));
  });

  it('refuses a sentence without a gap', async () => {
    await expect(run(['a', ['x']], { hypothesisTemplate: 'It is.' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('{}'),
    });
  });
});

describe('fill-mask', () => {
  const engine = { maskToken: '[MASK]', tokenLengths: (texts: readonly string[]) => texts.map(({ length }) => length) };
  const words = (inputs: readonly unknown[]) => (inputs[0] as readonly string[]).map(() => word);
  const word = [{ score: 1, token: 3, token_str: 'cat', sequence: 'a cat' }];

  it('asks for five words, or as many as are wanted, of texts of one length together', async () => {
    const texts = ['a [MASK]', 'the [MASK]', '[MASK] b'];
    const { value, asked } = await runTask(fillMask, words, [texts], {}, { engine });
    expect(value).toEqual([word, word, word]);
    expect(asked).toEqual([
      { inputs: [['the [MASK]']], options: { top_k: 5 } },
      { inputs: [['a [MASK]', '[MASK] b']], options: { top_k: 5 } },
    ]);
    const { value: own, asked: one } = await runTask(fillMask, words, ['a [MASK]'], { topK: 1 }, { engine });
    expect(own).toEqual(word);
    expect(one[0]!.options).toEqual({ top_k: 1 });
  });

  it('refuses texts without a gap before any is filled, and names the model’s mask', async () => {
    const answer = vi.fn(() => word);
    const run = runTask(fillMask, answer, [['a [MASK]', 'a <mask>']], {}, { engine });
    await expect(run).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('a <mask>'),
      hint: expect.stringContaining('[MASK]'),
    });
    expect(answer).not.toHaveBeenCalled();
    await expect(runTask(fillMask, answer, ['a [MASK]'])).rejects.toMatchObject(bad('no mask'));
  });
});

describe('text to speech', () => {
  const speech = ([text]: readonly unknown[]) => ({
    audio: new Float32Array(String(text).length),
    sampling_rate: 16_000,
  });

  it('speaks each text', async () => {
    const voice = new Float32Array(4);
    const options = { speakerEmbeddings: voice, num_inference_steps: 3 };
    const { value, asked } = await runTask(textToAudio, speech, [['a', 'bc']], options);
    expect(value).toEqual([
      { audio: new Float32Array(1), sampling_rate: 16_000 },
      { audio: new Float32Array(2), sampling_rate: 16_000 },
    ]);
    expect(asked[0]).toEqual({ inputs: ['a'], options: { speaker_embeddings: voice, num_inference_steps: 3 } });
  });

  it('refuses what is no text, and a voice that is none', async () => {
    await expect(runTask(textToAudio, speech, [7])).rejects.toMatchObject(bad('number 7'));
    await expect(runTask(textToAudio, speech, ['a'], { speakerEmbeddings: 'slt' })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining('Float32Array'),
    });
  });
});
