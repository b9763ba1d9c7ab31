import { describe, expect, it } from 'vitest';
import type { FeatureExtractionOptions } from '../../protocol/tasks/text-tasks.ts';
import { packVectors } from './pack-vectors.ts';

const pack = (values: readonly number[], dims: number[], options: FeatureExtractionOptions) => {
  const { data, dims: packed } = packVectors({ data: Float32Array.from(values), dims }, options);
  return { data, dims: packed };
};

const sixteen = [0.1, -0.2, 0.3, 0, -0.5, 0.6, -0.7, 0.8, -0.1, -0.2, -0.3, -0.4, -0.5, -0.6, -0.7, 0.8];

describe('packed vectors', () => {
  it('are as they were where nothing is asked for', () => {
    const vectors = { data: Float32Array.of(1, 2), dims: [1, 2] };
    expect(packVectors(vectors, {})).toBe(vectors);
    expect(packVectors(vectors, { precision: 'int8' })).toBe(vectors);
  });

  it('have a bit for each number, 1 where it is positive, the first one highest', () => {
    // 10100101 = 165, 00000001 = 1.
    expect(pack(sixteen, [1, 16], { quantize: true, precision: 'ubinary' })).toEqual({
      data: Uint8Array.of(165, 1),
      dims: [1, 2],
    });
  });

  it('are 128 less as signed bytes, which is the default', () => {
    const signed = { data: Int8Array.of(165 - 128, 1 - 128), dims: [1, 2] };
    expect(pack(sixteen, [1, 16], { quantize: true })).toEqual(signed);
    expect(pack(sixteen, [1, 16], { quantize: true, precision: 'binary' })).toEqual(signed);
  });

  it('keep their rows', () => {
    const rows = pack(sixteen, [2, 8], { quantize: true, precision: 'ubinary' });
    expect(rows).toEqual({ data: Uint8Array.of(165, 1), dims: [2, 1] });
  });

  it('are rounded to -127..127 as int8', () => {
    expect(pack([1, -1, 0, 0.5, -0.004, 0.004, 2, -3], [2, 4], { quantize: true, precision: 'int8' })).toEqual({
      data: Int8Array.of(127, -127, 0, 64, -1, 1, 127, -127),
      dims: [2, 4],
    });
  });

  it('cannot have 8 numbers to a byte where they are no multiple of that', () => {
    expect(() => pack([1, 2, 3], [1, 3], { quantize: true })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', hint: expect.stringContaining('dimensions') }),
    );
  });
});

describe('shortened vectors', () => {
  it('have the leading numbers of each', () => {
    expect(pack([1, 2, 3, 4, 5, 6], [2, 3], { dimensions: 2 })).toEqual({
      data: Float32Array.of(1, 2, 4, 5),
      dims: [2, 2],
    });
  });

  it('have a length of 1 again where they are normalised', () => {
    const { data } = pack([3, 4, 12, 0, 0, 7], [2, 3], { dimensions: 2, normalize: true });
    expect(data).toEqual(Float32Array.of(0.6, 0.8, 0, 0));
  });

  it('of each token keep their tokens', () => {
    expect(pack([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4], { dimensions: 1 })).toEqual({
      data: Float32Array.of(1, 5),
      dims: [1, 2, 1],
    });
  });

  it('are packed after they were shortened', () => {
    expect(pack(sixteen, [1, 16], { dimensions: 8, quantize: true, precision: 'ubinary' })).toEqual({
      data: Uint8Array.of(165),
      dims: [1, 1],
    });
  });

  it('cannot be longer than they were', () => {
    expect(() => pack([1, 2], [1, 2], { dimensions: 3 })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('2 numbers, not 3') }),
    );
    expect(pack([1, 2], [1, 2], { dimensions: 2 }).dims).toEqual([1, 2]);
  });
});
