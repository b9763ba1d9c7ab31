import { describe, expect, it } from 'vitest';
import { createRateBlocks } from './rate-blocks.ts';

const count = (from: number, to: number) => Float32Array.from({ length: to - from }, (_, index) => from + index);

describe('createRateBlocks', () => {
  it.each([[1], [5], [7], [128]])('cuts pieces of %i samples into blocks, losing none', (piece) => {
    const blocksOf = createRateBlocks(16_000, 16_000, 5);
    const blocks: Float32Array[] = [];
    for (let from = 0; from < 300; from += piece) blocks.push(...blocksOf(count(from, Math.min(300, from + piece))));
    expect(blocks).toEqual(Array.from({ length: 60 }, (_, index) => count(index * 5, index * 5 + 5)));
  });

  it('changes the rate on the way', () => {
    const blocksOf = createRateBlocks(48_000, 16_000, 512);
    const blocks = Array.from({ length: 100 }, () => blocksOf(new Float32Array(480).fill(0.5))).flat();
    expect(blocks.length).toBeGreaterThanOrEqual(Math.floor((100 * 160) / 512) - 1);
    for (const block of blocks.slice(1)) for (const value of block) expect(value).toBeCloseTo(0.5, 4);
  });
});
