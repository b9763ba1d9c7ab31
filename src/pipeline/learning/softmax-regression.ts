import type { UnitVectors } from '../../protocol/unit-vectors.ts';
import { type Objective, minimize } from './minimize.ts';

/** Vectors with their classes. */
export interface Labelled extends UnitVectors {
  classes: ArrayLike<number>;
  /** How many classes there are. */
  count: number;
}

/**
 * Multinomial logistic regression: the mean cross-entropy of the examples, and the penalty `regularization / 2` times the sum of the
 * squared weights. Biases have none.
 *
 * A point is `[classes, size + 1]`, row by row: the weights of a class, then its bias.
 *
 * @param rows Which of the examples.
 */
export function softmaxObjective(
  { vectors, size, classes, count }: Labelled,
  rows: readonly number[],
  regularization: number,
): Objective {
  const width = size + 1;
  const scores = new Float64Array(count);
  return (weights, gradient) => {
    let loss = 0;
    gradient.fill(0);
    for (const row of rows) {
      const from = row * size;
      const found = scoresOf(weights, vectors, from, size, scores);
      const truth = classes[row]!;
      loss += found - scores[truth]!;
      for (let each = 0; each < count; each++) {
        const error = (Math.exp(scores[each]! - found) - (each === truth ? 1 : 0)) / rows.length;
        const base = each * width;
        for (let at = 0; at < size; at++) gradient[base + at]! += error * vectors[from + at]!;
        gradient[base + size]! += error;
      }
    }
    loss /= rows.length;
    for (let each = 0; each < count; each++) {
      for (let at = each * width; at < each * width + size; at++) {
        loss += (regularization / 2) * weights[at]! ** 2;
        gradient[at]! += regularization * weights[at]!;
      }
    }
    return loss;
  };
}

/** Writes the score of each class of one vector. @returns the logarithm of the sum of their exponentials */
function scoresOf(
  weights: Float64Array,
  vectors: Float32Array,
  from: number,
  size: number,
  scores: Float64Array,
): number {
  let most = -Infinity;
  for (let each = 0; each < scores.length; each++) {
    const base = each * (size + 1);
    const score = weights[base + size]! + product(weights, base, vectors, from, size);
    scores[each] = score;
    if (score > most) most = score;
  }
  let sum = 0;
  for (const score of scores) sum += Math.exp(score - most);
  return most + Math.log(sum);
}

/** Four sums side by side: one would wait for each of its additions. */
function product(a: Float64Array, fromA: number, b: Float32Array, fromB: number, size: number): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  let at = 0;
  for (; at + 3 < size; at += 4) {
    first += a[fromA + at]! * b[fromB + at]!;
    second += a[fromA + at + 1]! * b[fromB + at + 1]!;
    third += a[fromA + at + 2]! * b[fromB + at + 2]!;
    fourth += a[fromA + at + 3]! * b[fromB + at + 3]!;
  }
  for (; at < size; at++) first += a[fromA + at]! * b[fromB + at]!;
  return first + second + third + fourth;
}

/**
 * @param options.start Weights of a similar fit: it is faster from there. Not changed.
 * @param options.tolerance See {@link minimize}.
 */
export function fitSoftmax(
  examples: Labelled,
  rows: readonly number[],
  regularization: number,
  { start, tolerance }: { start?: Float64Array | undefined; tolerance?: number } = {},
): Float64Array {
  const from = start?.slice() ?? new Float64Array(examples.count * (examples.size + 1));
  return minimize(softmaxObjective(examples, rows, regularization), from, tolerance === undefined ? {} : { tolerance });
}

/** Mean cross-entropy of examples, and what was found for those of each class: `confusion[class][found]`. */
export function judge(
  { vectors, size, classes, count }: Labelled,
  rows: readonly number[],
  weights: Float64Array,
): { loss: number; confusion: number[][] } {
  const confusion = Array.from({ length: count }, () => Array.from({ length: count }, () => 0));
  const scores = new Float64Array(count);
  let loss = 0;
  for (const row of rows) {
    const found = scoresOf(weights, vectors, row * size, size, scores);
    const truth = classes[row]!;
    loss += found - scores[truth]!;
    confusion[truth]![scores.indexOf(Math.max(...scores))]!++;
  }
  return { loss: loss / rows.length, confusion };
}
