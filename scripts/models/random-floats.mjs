// @ts-check

/**
 * The same numbers from -1 to 1 for the same seed, on every machine: Lehmer's generator.
 *
 * @param {number} seed An integer from 1 to 2^31 - 2.
 * @returns {() => number}
 */
export function createRandomFloats(seed) {
  const modulus = 2 ** 31 - 1;
  let state = seed;
  return () => {
    state = (state * 48271) % modulus;
    return (2 * state) / modulus - 1;
  };
}
