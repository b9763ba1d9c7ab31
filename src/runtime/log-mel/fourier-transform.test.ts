import { expect, it } from 'vitest';
import { createFourierTransform } from './fourier-transform.ts';

/** By its definition. */
function transformed(real: Float64Array, imaginary: Float64Array): [number[], number[]] {
  const size = real.length;
  const sums = Array.from(real, (_, index) => {
    let [re, im] = [0, 0];
    for (let item = 0; item < size; item++) {
      const angle = (-2 * Math.PI * item * index) / size;
      re += real[item]! * Math.cos(angle) - imaginary[item]! * Math.sin(angle);
      im += real[item]! * Math.sin(angle) + imaginary[item]! * Math.cos(angle);
    }
    return [re, im] as const;
  });
  return [sums.map(([re]) => re), sums.map(([, im]) => im)];
}

it.each([1, 2, 3, 8, 7, 60, 64, 400])('transforms %i numbers', (size) => {
  const transform = createFourierTransform(size);
  for (const seed of [1, 2]) {
    const real = Float64Array.from({ length: size }, (_, index) => Math.sin(seed * 7 * index ** 2));
    const imaginary = Float64Array.from({ length: size }, (_, index) => Math.cos(seed * 3 * index ** 3));
    const expected = transformed(real, imaginary);
    transform(real, imaginary);
    for (const [part, own] of [real, imaginary].entries()) {
      for (const [index, value] of own.entries()) expect(value).toBeCloseTo(expected[part]![index]!, 9);
    }
  }
});
