import { describe, expect, it } from 'vitest';
import { createResampler, resample, resampledLength } from './resampler.ts';

const tone = (hertz: number, rate: number, seconds = 0.5) =>
  Float32Array.from({ length: Math.round(rate * seconds) }, (_, index) =>
    Math.sin((2 * Math.PI * hertz * index) / rate),
  );

const convert = (samples: Float32Array, from: number, to: number) =>
  resample(
    samples.length,
    from,
    to,
    (start, into) => into.set(samples.subarray(start, start + into.length)),
    async () => {},
  );

/** The middle, where the sound's beginning and end are not heard. */
const middle = (samples: Float32Array) => samples.subarray(samples.length / 4, (samples.length * 3) / 4);

const decibels = (value: number) => 20 * Math.log10(value);

/** Level of a sound against that of a full tone, in dB. */
const level = (samples: Float32Array) =>
  decibels(Math.sqrt((2 * samples.reduce((sum, x) => sum + x * x, 0)) / samples.length));

/** Pairs of rates, common and odd. */
const rates = [
  [48_000, 16_000],
  [44_100, 16_000],
  [22_050, 16_000],
  [8_000, 16_000],
  [11_025, 16_000],
  [96_000, 16_000],
  [16_000, 48_000],
] as const;

describe.each(rates)('%i Hz to %i Hz', (from, to) => {
  const nyquist = Math.min(from, to) / 2;

  it('keeps tones up to 0.85 of the lower Nyquist frequency within 0.1 dB', async () => {
    for (const part of [0.01, 0.1, 0.3, 0.5, 0.7, 0.8, 0.85]) {
      const converted = middle(await convert(tone(nyquist * part, from), from, to));
      expect(Math.abs(level(converted)), `${part} of Nyquist`).toBeLessThan(0.1);
    }
  });

  it('gives the tone itself, at its time and with nothing else in it', async () => {
    for (const part of [0.05, 0.4, 0.8]) {
      const converted = await convert(tone(nyquist * part, from), from, to);
      const wanted = tone(nyquist * part, to);
      const error = middle(converted.map((value, index) => value - wanted[index]!));
      expect(level(error), `${part} of Nyquist`).toBeLessThan(-60);
    }
  });

  it('leaves a constant what it is', async () => {
    for (const value of middle(await convert(new Float32Array(from / 10).fill(0.5), from, to)))
      expect(value).toBeCloseTo(0.5, 5);
  });

  it('gives as many samples as begin before the sound ends', async () => {
    for (const length of [0, 1, 2, 3, 100, 4567]) {
      const converted = await convert(new Float32Array(length), from, to);
      expect(converted).toHaveLength(Math.ceil((length * to) / from));
      expect(resampledLength(length, from, to)).toBe(converted.length);
    }
  });

  it('gives the same for blocks of any length as for the whole', async () => {
    const sound = tone(440, from, 0.1);
    const whole = await convert(sound, from, to);
    const resampler = createResampler(from, to);
    const parts: number[] = [];
    for (let start = 0, length = 1; start < sound.length; start += length, length = (length * 7) % 611) {
      parts.push(...resampler.push(sound.subarray(start, start + length)));
    }
    parts.push(...resampler.flush());
    expect(Float32Array.from(parts)).toEqual(whole);
  });
});

it.each(rates.filter(([from, to]) => to < from))('%i Hz to %i Hz lets nothing through from above', async (from, to) => {
  const nyquist = to / 2;
  const above = [1.001, 1.1, 1.3, 1.5, 1.875, 1.99].filter((part) => part * nyquist < from / 2);
  for (const part of above) {
    const converted = middle(await convert(tone(nyquist * part, from), from, to));
    expect(level(converted), `${part} of Nyquist`).toBeLessThan(-80);
  }
});

it('makes a tone of 15 kHz vanish that would be heard as 1 kHz', async () => {
  const sound = tone(15_000, 48_000);
  const everyThird = sound.filter((_, index) => index % 3 === 0);
  expect(level(middle(everyThird))).toBeGreaterThan(-0.1);
  expect(level(middle(await convert(sound, 48_000, 16_000)))).toBeLessThan(-80);
});

it('keeps a click at its time', async () => {
  const click = new Float32Array(4800);
  click[2400] = 1;
  const converted = await convert(click, 48_000, 16_000);
  expect(converted.indexOf(Math.max(...converted))).toBe(800);
});

it('takes rates that have nothing in common', async () => {
  const converted = await convert(tone(3000, 44_099), 44_099, 16_000);
  const wanted = tone(3000, 16_000);
  expect(level(middle(converted.map((value, index) => value - wanted[index]!)))).toBeLessThan(-60);
});

it('gives a sound at its own rate back as it is, in memory of its own', async () => {
  const sound = tone(440, 16_000);
  const converted = await convert(sound, 16_000, 16_000);
  expect(converted).toEqual(sound);
  expect(converted.buffer).not.toBe(sound.buffer);
});
