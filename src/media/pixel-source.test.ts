import { describe, expect, it } from 'vitest';
import { pixelSourceOf } from './pixel-source.ts';

const data = new Uint8Array(12);

describe('pixelSourceOf', () => {
  it('leaves the bytes of the user alone', () => {
    const own = new Uint8ClampedArray(4);
    const source = pixelSourceOf({ data: own, width: 1, height: 1 }, 'The input');
    expect(source).toMatchObject({ data: own });
    expect(source && 'data' in source && source.data.buffer).not.toBe(own.buffer);
  });

  it('takes a part of a larger buffer for that part', () => {
    const part = Uint8Array.of(0, 0, 1, 2, 3, 0).subarray(2, 5);
    expect(pixelSourceOf({ data: part, width: 1, height: 1 }, 'The input')).toMatchObject({
      data: Uint8ClampedArray.of(1, 2, 3, 255),
    });
  });

  it.each([42, null, 'text', {}, { data }, [data]])('does not take %o for an image', (input) => {
    expect(pixelSourceOf(input, 'The input')).toBeUndefined();
  });

  it.each([
    [{ data: [1, 2, 3], width: 1, height: 1 }, /an object of type Array, not bytes/],
    [{ data: new Float32Array(3), width: 1, height: 1 }, /Float32Array, not bytes/],
    [{ data, width: 0, height: 1 }, /for its width the number 0/],
    [{ data, width: 2, height: Number.NaN }, /for its height the number NaN/],
    [{ data, width: 2.5, height: 1 }, /for its width the number 2.5/],
    [{ data, width: 5, height: 1 }, /12 bytes for 5 x 1 pixels/],
    [{ data, width: 6, height: 1, channels: 2 }, /channels: 2/],
    [{ data, width: 4, height: 1, channels: 4 }, /12 bytes, not the 16 of 4 x 1 pixels with 4 channels/],
  ])('refuses %o', (input, message) => {
    expect(() => pixelSourceOf(input, 'The input')).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(message) }),
    );
  });
});
