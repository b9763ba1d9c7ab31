import { RawAudio, RawImage, Tensor } from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import { toPlainValue, toTransformersInput } from './plain-value.ts';

const tensor = () => new Tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]);

describe('a result of transformers.js', () => {
  it.each<[string, unknown, unknown]>([
    ['tensors', tensor(), { type: 'float32', data: Float32Array.of(1, 2, 3, 4), dims: [2, 2] }],
    [
      'images',
      new RawImage(Uint8ClampedArray.of(1, 2, 3), 1, 1, 3),
      { data: Uint8ClampedArray.of(1, 2, 3), width: 1, height: 1, channels: 3 },
    ],
    [
      'images of plain bytes',
      new RawImage(Uint8Array.of(0, 255), 2, 1, 1),
      { data: Uint8ClampedArray.of(0, 255), width: 2, height: 1, channels: 1 },
    ],
    ['sound', new RawAudio(Float32Array.of(0.5), 16_000), { audio: Float32Array.of(0.5), sampling_rate: 16_000 }],
    [
      'what lists and objects hold',
      [{ label: 'cat', mask: new RawImage(Uint8ClampedArray.of(255), 1, 1, 1), score: null }],
      [{ label: 'cat', mask: { data: Uint8ClampedArray.of(255), width: 1, height: 1, channels: 1 }, score: null }],
    ],
    [
      'what is plain already',
      { text: ' So.', chunks: [{ timestamp: [0, null] }] },
      { text: ' So.', chunks: [{ timestamp: [0, null] }] },
    ],
    ['nothing', null, null],
    ['an array of numbers', Float32Array.of(1), Float32Array.of(1)],
  ])('is plain data: %s', (_, value, expected) => {
    const plain = toPlainValue(value);
    expect(plain).toEqual(expected);
    expect(structuredClone(plain), 'so it can leave the worker').toEqual(plain);
  });

  it('is not copied where it is large', () => {
    const own = tensor();
    expect((toPlainValue(own) as { data: unknown }).data).toBe(own.data);
  });
});

describe('an input for transformers.js', () => {
  it('is one of its images, of the same pixels', () => {
    const pixels = Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255);
    const image = toTransformersInput({ pixels, width: 2, height: 1 });
    expect(image).toBeInstanceOf(RawImage);
    expect(image).toMatchObject({ width: 2, height: 1, channels: 4 });
    expect((image as RawImage).data).toBe(pixels);
  });

  it.each([['text'], [['a', 'b']], [null], [undefined], [{ width: 1, height: 1 }], [new Float32Array(2)]])(
    'is what it was: %j',
    (value) => {
      expect(toTransformersInput(value)).toBe(value);
    },
  );
});
