import { describe, expect, it } from 'vitest';
import type { TaskDefinition } from '../task-definition.ts';
import { audioClassification } from './audio-classification.ts';
import { automaticSpeechRecognition } from './automatic-speech-recognition.ts';
import { runTask } from './run-task.conformance.ts';
import { zeroShotAudioClassification } from './zero-shot-audio-classification.ts';

const rate = 16_000;
const engine = { sampleRate: rate };
/** A sound as the page sends it. */
const sound = (seconds: number, ...channels: number[]) => ({
  kind: 'audio-samples',
  rate,
  channels: (channels.length > 0 ? channels : [0.5]).map((value) => new Float32Array(seconds * rate).fill(value)),
});
const heard = (inputs: readonly unknown[]) => inputs[0] as Float32Array;

const tasks: [string, TaskDefinition, unknown[]][] = [
  ['audio classification', audioClassification, []],
  ['zero-shot audio classification', zeroShotAudioClassification, [['dog', 'cat']]],
  ['speech recognition', automaticSpeechRecognition, []],
];

describe.each(tasks)('%s', (_, task, others) => {
  it('hears one channel at the rate of the model', async () => {
    const inputs = [sound(0.5, 1, 0), ...others];
    const { value, asked } = await runTask(task, () => 'heard', inputs, {}, { engine: { sampleRate: rate / 2 } });
    expect(value).toBe('heard');
    expect(heard(asked[0]!.inputs)).toBeInstanceOf(Float32Array);
    expect(heard(asked[0]!.inputs)).toHaveLength(rate / 4);
    expect(heard(asked[0]!.inputs)[1000], 'mixed as transformers.js does').toBeCloseTo(Math.SQRT1_2, 3);
    expect(asked[0]!.inputs.slice(1)).toEqual(others);
  });

  it('hears several one by one', async () => {
    const inputs = [[sound(0.1), sound(0.2)], ...others];
    const { value, asked, progress } = await runTask(task, (given) => heard(given).length, inputs, {}, { engine });
    expect(value).toEqual([0.1 * rate, 0.2 * rate]);
    expect(asked).toHaveLength(2);
    expect(progress).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it.each([
    ['text', 'a.wav'],
    ['nothing', undefined],
    ['silence of no length', sound(0)],
    ['numbers that are none', sound(0.1, Number.NaN)],
    ['a list with something else', [sound(0.1), 7]],
  ])('refuses %s', async (_kind, input) => {
    await expect(runTask(task, () => 'heard', [input, ...others], {}, { engine })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      hint: expect.stringMatching(/\w/),
    });
  });

  it('refuses a model that does not say what it hears', async () => {
    await expect(runTask(task, () => 'heard', [sound(0.1), ...others])).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      hint: expect.stringContaining('sampling_rate'),
    });
  });
});

describe('audio classification', () => {
  it('gives as many labels as it is asked for, and streams them', async () => {
    const streaming = { engine, streaming: true };
    const labels = [{ label: 'dog', score: 1 }];
    const inputs = [[sound(0.1), sound(0.1)]];
    const { asked, chunks } = await runTask(audioClassification, () => labels, inputs, { top_k: 3 }, streaming);
    expect(asked[0]!.options).toEqual({ top_k: 3 });
    expect(chunks).toEqual([
      { index: 0, value: labels },
      { index: 1, value: labels },
    ]);
  });
});

describe('zero-shot audio classification', () => {
  it('needs labels, and a sentence with a gap', async () => {
    await expect(runTask(zeroShotAudioClassification, () => [], [sound(0.1)], {}, { engine })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('labels'),
    });
    const inputs = [sound(0.1), ['dog']];
    const options = { hypothesisTemplate: 'A sound of {}.' };
    const { asked } = await runTask(zeroShotAudioClassification, () => [], inputs, options, { engine });
    expect(asked[0]!.options).toEqual({ hypothesis_template: 'A sound of {}.' });
  });
});

describe('speech recognition', () => {
  const transcribe = (seconds: number, options = {}, context = {}) =>
    runTask(automaticSpeechRecognition, () => ({ text: ' So.' }), [sound(seconds)], options, { engine, ...context });

  it.each([
    [1, {}, {}],
    [30, {}, {}],
    [31, {}, { chunk_length_s: 30 }],
    [31, { chunkLengthS: 10, strideLengthS: 2 }, { chunk_length_s: 10, stride_length_s: 2 }],
    [31, { chunk_length_s: 0 }, { chunk_length_s: 0 }],
  ])('of %i s with %o runs with %o: nothing is left out', async (seconds, options, expected) => {
    expect((await transcribe(seconds, options)).asked[0]!.options).toEqual(expected);
  });

  it.each([true, false, 'word'])('gives times as it is asked to: %s', async (returnTimestamps) => {
    const { asked } = await transcribe(1, { returnTimestamps, language: 'en', task: 'translate' });
    expect(asked[0]!.options).toEqual({ return_timestamps: returnTimestamps, language: 'en', task: 'translate' });
  });

  it.each([{ returnTimestamps: 'words' }, { task: 'summarise' }, { chunkLengthS: -1 }, { language: 7 }])(
    'refuses the options %o',
    async (options) => {
      await expect(transcribe(1, options)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    },
  );

  it('streams the text of one recording', async () => {
    const { value, chunks } = await transcribe(1, {}, { streaming: true });
    expect(chunks).toEqual(['a piece']);
    expect(value).toEqual({
      output: { text: ' So.' },
      usage: { promptTokens: 3, completionTokens: 2 },
      finishReason: 'stop',
    });
  });
});
