import { describe, expect, it } from 'vitest';
import type { AudioSource } from '../../protocol/media.ts';
import { decodeAudio } from './decode-audio.ts';
import { wavFile } from './wav-file.conformance.ts';

const samples = (channels: number[][], rate: number): AudioSource => ({
  kind: 'audio-samples',
  channels: channels.map((channel) => Float32Array.from(channel)),
  rate,
});
const decode = (source: unknown, rate: number, pause = async () => {}) => decodeAudio(source, rate, pause);
const tone = (hertz: number, rate: number, length: number) =>
  Array.from({ length }, (_, index) => Math.sin((2 * Math.PI * hertz * index) / rate) / 2);

describe('decodeAudio', () => {
  it('mixes two channels as transformers.js does, and takes the first of any other number', async () => {
    expect([...(await decode(samples([[0.5], [0.25]], 16_000), 16_000))]).toEqual([
      Math.fround((Math.SQRT2 * 0.75) / 2),
    ]);
    for (const channels of [[[0.5]], [[0.5], [0.1], [0.2]]]) {
      expect([...(await decode(samples(channels, 16_000), 16_000))]).toEqual([0.5]);
    }
  });

  it('takes a rate of 0 for that of the model', async () => {
    const source = samples([[0.1, 0.2, 0.3]], 0);
    expect(await decode(source, 48_000)).toEqual(Float32Array.of(0.1, 0.2, 0.3));
  });

  it('converts what has another rate, from samples and from files alike', async () => {
    const [left, right] = [tone(440, 48_000, 4800), tone(880, 48_000, 4800)];
    const file: AudioSource = {
      kind: 'audio-file',
      bytes: wavFile([left, right], { tag: 3, bits: 32 }, { rate: 48_000 }),
    };
    const converted = await decode(file, 16_000);
    expect(converted).toHaveLength(1600);
    expect(converted).toEqual(await decode(samples([left, right], 48_000), 16_000));
    const [a, b] = [tone(440, 16_000, 1600), tone(880, 16_000, 1600)];
    for (let index = 100; index < 1500; index++) {
      expect(converted[index]).toBeCloseTo((Math.SQRT2 * (a[index]! + b[index]!)) / 2, 3);
    }
  });

  it('pauses between the blocks of a long sound, and ends with what the pause throws', async () => {
    const source = samples([tone(440, 16_000, 200_000)], 16_000);
    let pauses = 0;
    await decode(source, 16_000, async () => void pauses++);
    expect(pauses).toBe(3);
    const ending = decode(source, 16_000, () => Promise.reject(new Error('enough')));
    await expect(ending).rejects.toThrow('enough');
  });

  it('does not change what it is given', async () => {
    const source = samples([[0.5], [0.25]], 16_000);
    await decode(source, 16_000);
    expect(source).toEqual(samples([[0.5], [0.25]], 16_000));
  });

  it.each<[string, unknown, RegExp]>([
    ['no samples', samples([[]], 16_000), /empty/],
    ['no channels', samples([], 16_000), /empty/],
    ['a file without samples', { kind: 'audio-file', bytes: wavFile([[]], { tag: 1, bits: 16 }) }, /empty/],
    ['NaN', samples([[0, 0, Number.NaN, 0]], 16_000), /Sample 2 of the sound is NaN/],
    ['NaN in the second channel', samples([[0], [Number.NaN]], 16_000), /Sample 0 of the sound is NaN/],
    ['NaN after a minute', samples([[...Array.from({ length: 70_000 }, () => 0), Number.NaN]], 8000), /Sample 70000/],
    ['infinities', samples([[-Infinity, Infinity]], 16_000), /Sample 0 of the sound is -Infinity/],
    ['a rate that cannot be', samples([[0]], 3), /3 samples a second/],
    ['a negative rate', samples([[0]], -16_000), /-16000 samples a second/],
    ['a rate that is none', samples([[0]], Infinity), /Infinity samples a second/],
    ['an image', { kind: 'image-blob' }, /not a sound/],
    ['text', 'cat.wav', /"cat.wav", not a sound/],
  ])('refuses %s with a hint', async (_, source, message) => {
    await expect(decode(source, 16_000)).rejects.toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/./),
      }),
    );
  });
});
