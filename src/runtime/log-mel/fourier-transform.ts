/**
 * Makes the discrete Fourier transform of a size, X[k] = sum of x[n] exp(-2πi nk / size), fast where the size has small factors alone:
 * Stockham's algorithm, with as many passes as factors.
 *
 * @returns Transforms numbers in place.
 */
export function createFourierTransform(size: number): (real: Float64Array, imaginary: Float64Array) => void {
  const factors = factorsOf(size);
  const cosines = Float64Array.from({ length: size }, (_, index) => Math.cos((2 * Math.PI * index) / size));
  const sines = Float64Array.from({ length: size }, (_, index) => -Math.sin((2 * Math.PI * index) / size));
  const spareReal = new Float64Array(size);
  const spareImaginary = new Float64Array(size);

  return (real, imaginary) => {
    let [fromReal, fromImaginary]: [Float64Array, Float64Array] = [real, imaginary];
    let [toReal, toImaginary]: [Float64Array, Float64Array] = [spareReal, spareImaginary];
    let stride = 1;
    let span = size;
    for (const factor of factors) {
      span /= factor;
      const turn = size / factor;
      for (let place = 0; place < span; place++) {
        for (let part = 0; part < factor; part++) {
          const twist = place * part * stride;
          const [twistReal, twistImaginary] = [cosines[twist]!, sines[twist]!];
          const target = stride * (factor * place + part);
          for (let offset = 0; offset < stride; offset++) {
            let sumReal = 0;
            let sumImaginary = 0;
            for (let item = 0, angle = 0, source = offset + stride * place; item < factor; item++) {
              const [x, y, c, s] = [fromReal[source]!, fromImaginary[source]!, cosines[angle]!, sines[angle]!];
              sumReal += x * c - y * s;
              sumImaginary += x * s + y * c;
              source += stride * span;
              angle = (angle + part * turn) % size;
            }
            toReal[target + offset] = sumReal * twistReal - sumImaginary * twistImaginary;
            toImaginary[target + offset] = sumReal * twistImaginary + sumImaginary * twistReal;
          }
        }
      }
      stride *= factor;
      [fromReal, fromImaginary, toReal, toImaginary] = [toReal, toImaginary, fromReal, fromImaginary];
    }
    if (fromReal === real) return;
    real.set(fromReal);
    imaginary.set(fromImaginary);
  };
}

/** A pass by 4 is cheaper than two by 2. */
function factorsOf(size: number): number[] {
  const factors: number[] = [];
  let rest = size;
  for (; rest % 4 === 0; rest /= 4) factors.push(4);
  for (let factor = 2; rest > 1; factor++) {
    for (; rest % factor === 0; rest /= factor) factors.push(factor);
  }
  return factors;
}
