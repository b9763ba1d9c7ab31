import type { Labelled } from './softmax-regression.ts';

/** Vectors around one centre for each class, from a fixed sequence. */
export function clusters(perClass: number, count: number, size: number, noise: number): Labelled {
  let state = 7;
  // Numerical Recipes' linear congruential generator.
  const random = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32) * 2 - 1;
  const centres = Array.from({ length: count }, () => Array.from({ length: size }, random));
  const examples = perClass * count;
  const vectors = new Float32Array(examples * size);
  const classes = Uint32Array.from({ length: examples }, (_, index) => index % count);
  for (let index = 0; index < examples; index++) {
    const vector = centres[classes[index]!]!.map((at) => at + noise * random());
    const length = Math.hypot(...vector);
    vectors.set(
      vector.map((value) => value / length),
      index * size,
    );
  }
  return { vectors, size, classes, count };
}
