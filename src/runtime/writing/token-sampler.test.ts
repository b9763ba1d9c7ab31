import { describe, expect, it } from 'vitest';
import { type SamplingOptions, sampleToken, seededRandom } from './token-sampler.ts';

const all: SamplingOptions = { temperature: 1, topK: 0, topP: 1, random: Math.random };
const logitsOf = (...probabilities: number[]) => probabilities.map(Math.log);

/** How often each token is drawn, for random numbers that are spread evenly. */
function shares(logits: readonly number[], options: Partial<SamplingOptions>, draws = 1000): number[] {
  const counts = logits.map(() => 0);
  for (let draw = 0; draw < draws; draw++) {
    const token = sampleToken(logits, { ...all, ...options, random: () => (draw + 0.5) / draws });
    counts[token] = counts[token]! + 1;
  }
  return counts.map((count) => count / draws);
}

describe('sampleToken', () => {
  const logits = logitsOf(0.1, 0.5, 0.05, 0.35);

  it('draws tokens as often as they are probable', () => {
    expect(shares(logits, {})).toEqual([0.1, 0.5, 0.05, 0.35]);
  });

  it('does not care where logits are on their scale', () => {
    const far = logits.map((logit) => logit + 500);
    expect(shares(far, {})).toEqual(shares(logits, {}));
  });

  it('sharpens below a temperature of 1, and flattens above it', () => {
    // Probabilities to the power of 1 / temperature, scaled to a sum of 1.
    const powers = (power: number) => {
      const raised = [0.1, 0.5, 0.05, 0.35].map((value) => value ** power);
      const sum = raised.reduce((total, value) => total + value, 0);
      return raised.map((value) => value / sum);
    };
    for (const temperature of [0.5, 2]) {
      const expected = powers(1 / temperature);
      for (const [token, share] of shares(logits, { temperature }, 10_000).entries()) {
        expect(share).toBeCloseTo(expected[token]!, 3);
      }
    }
  });

  it.each([
    [1, [0, 1, 0, 0]],
    [2, [0, 0.5 / 0.85, 0, 0.35 / 0.85]],
    [4, [0.1, 0.5, 0.05, 0.35]],
    [100, [0.1, 0.5, 0.05, 0.35]],
    [0, [0.1, 0.5, 0.05, 0.35]],
  ])('draws among the topK likeliest: %i', (topK, expected) => {
    for (const [token, share] of shares(logits, { topK }).entries()) expect(share).toBeCloseTo(expected[token]!, 2);
  });

  it.each([
    [0, [0, 1, 0, 0]],
    [0.49, [0, 1, 0, 0]],
    [0.8, [0, 0.5 / 0.85, 0, 0.35 / 0.85]],
    [0.9, [0.1 / 0.95, 0.5 / 0.95, 0, 0.35 / 0.95]],
    [1, [0.1, 0.5, 0.05, 0.35]],
  ])('draws among the likeliest that have topP together: %f', (topP, expected) => {
    for (const [token, share] of shares(logits, { topP }).entries()) expect(share).toBeCloseTo(expected[token]!, 2);
  });

  it('takes topP of what topK leaves', () => {
    // Of 0.5 and 0.35, the first has 0.588 together.
    expect(shares(logits, { topK: 2, topP: 0.55 })).toEqual([0, 1, 0, 0]);
  });

  it('never draws what a processor has ruled out', () => {
    expect(shares([-Infinity, 0, -Infinity, 0], {})).toEqual([0, 0.5, 0, 0.5]);
    expect(shares([-Infinity, 0, -Infinity, 0], { topK: 3 })).toEqual([0, 0.5, 0, 0.5]);
  });

  it('finds the likeliest of many as sorting does', () => {
    const random = seededRandom(7);
    const many = Float32Array.from({ length: 5000 }, () => random() * 20);
    const sorted = [...many.keys()].sort((a, b) => many[b]! - many[a]!);
    for (const topK of [1, 50]) {
      const last = sampleToken(many, { ...all, topK, temperature: 1e9, random: () => 1 - 1e-12 });
      expect(last).toBe(sorted[topK - 1]);
    }
  });

  it('prefers the first of equals, as greedy search does', () => {
    expect(sampleToken([1, 3, 3, 2], { ...all, topK: 1 })).toBe(1);
  });
});

describe('seededRandom', () => {
  const draw = (seed: number) => Array.from({ length: 100 }, seededRandom(seed));

  it('repeats itself for a seed, and differs for another', () => {
    expect(draw(42)).toEqual(draw(42));
    expect(draw(42)).not.toEqual(draw(43));
  });

  it('is spread evenly over 0..1', () => {
    const random = seededRandom(1);
    const tenths = Array<number>(10).fill(0);
    for (let count = 0; count < 10_000; count++) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = tenths[tenth]! + 1;
    }
    // 1000 each, within five standard deviations.
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
