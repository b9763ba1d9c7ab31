import { describe, expect, it } from 'vitest';
import { minimize } from './minimize.ts';
import { clusters } from './clusters.conformance.ts';
import { type Labelled, fitSoftmax, judge, softmaxObjective } from './softmax-regression.ts';

const rowsOf = ({ classes }: Labelled) => Array.from({ length: classes.length }, (_, index) => index);

describe('minimize', () => {
  it('finds the minimum of a quadratic, which is known in closed form', () => {
    // Half of x'Ax - b'x has it where Ax = b: here A = [[4, 1], [1, 3]], b = [1, 2], x = [1/11, 7/11].
    const found = minimize(
      (point, gradient) => {
        const [x, y] = point as unknown as [number, number];
        gradient[0] = 4 * x + y - 1;
        gradient[1] = x + 3 * y - 2;
        return 2 * x * x + x * y + 1.5 * y * y - x - 2 * y;
      },
      Float64Array.of(5, -5),
      { tolerance: 1e-10 },
    );
    expect(found[0]).toBeCloseTo(1 / 11, 8);
    expect(found[1]).toBeCloseTo(7 / 11, 8);
  });

  it('goes down a narrow, bent valley', () => {
    // Rosenbrock's function, with its minimum at 1, 1.
    const found = minimize(
      (point, gradient) => {
        const [x, y] = point as unknown as [number, number];
        gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
        gradient[1] = 200 * (y - x * x);
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
      },
      Float64Array.of(-1.2, 1),
      { tolerance: 1e-8 },
    );
    expect([...found].map((value) => Math.round(value * 1e5) / 1e5)).toEqual([1, 1]);
  });
});

describe('softmaxObjective', () => {
  it('has the gradient that differences of its value have', () => {
    const examples = clusters(3, 3, 4, 1);
    const objective = softmaxObjective(examples, rowsOf(examples), 0.3);
    const point = Float64Array.from({ length: 15 }, (_, at) => Math.sin(at * 1.7));
    const gradient = new Float64Array(15);
    const unused = new Float64Array(15);
    objective(point, gradient);
    for (const at of point.keys()) {
      const valueAt = (offset: number) => {
        const moved = point.slice();
        moved[at]! += offset;
        return objective(moved, unused);
      };
      expect(gradient[at], `part ${at}`).toBeCloseTo((valueAt(1e-5) - valueAt(-1e-5)) / 2e-5, 7);
    }
  });

  it('is the logarithm of the number of classes where nothing is known', () => {
    const examples = clusters(2, 5, 4, 1);
    expect(softmaxObjective(examples, rowsOf(examples), 1)(new Float64Array(25), new Float64Array(25))).toBeCloseTo(
      Math.log(5),
      12,
    );
  });
});

describe('fitSoftmax', () => {
  it('finds the weight that is known in closed form', () => {
    // One number, 1 or -1 with its class: by symmetry the weights are w and -w, and where the derivative is 0, 1 / (1 + e^2w) = λw.
    const examples: Labelled = { vectors: Float32Array.of(1, -1), size: 1, classes: [0, 1], count: 2 };
    const [weight, bias, other] = fitSoftmax(examples, [0, 1], 0.1) as unknown as [number, number, number];
    expect(1 / (1 + Math.exp(2 * weight))).toBeCloseTo(0.1 * weight, 4);
    expect(weight).toBeGreaterThan(0.5);
    expect(other).toBeCloseTo(-weight, 6);
    expect(bias).toBeCloseTo(0, 6);
  });

  it('learns the share of each class where the vectors tell nothing', () => {
    const examples: Labelled = { vectors: new Float32Array(4), size: 1, classes: [0, 1, 1, 1], count: 2 };
    const [, few, , many] = fitSoftmax(examples, [0, 1, 2, 3], 0.1) as unknown as number[];
    expect(Math.exp(many! - few!)).toBeCloseTo(3, 3);
  });

  it('gives the same from any start, and for the same examples the same bits', () => {
    const examples = clusters(20, 3, 16, 1);
    const rows = rowsOf(examples);
    const found = fitSoftmax(examples, rows, 0.01);
    expect(fitSoftmax(examples, rows, 0.01)).toEqual(found);
    const elsewhere = fitSoftmax(examples, rows, 0.01, { start: Float64Array.from(found, (_, at) => Math.cos(at)) });
    for (const at of found.keys()) {
      // A bias more for every class changes nothing, so biases are compared by their differences.
      if (at % 17 !== 16) expect(elsewhere[at]).toBeCloseTo(found[at]!, 2);
    }
    expect(judge(examples, rows, elsewhere).loss).toBeCloseTo(judge(examples, rows, found).loss, 4);
  });

  it.each([4, 2000])('ends at the minimum for %i examples of 384 numbers', (total) => {
    const examples = clusters(total / 2, 2, 384, 3);
    const rows = rowsOf(examples);
    const weights = fitSoftmax(examples, rows, 0.001);
    const gradient = new Float64Array(weights.length);
    softmaxObjective(examples, rows, 0.001)(weights, gradient);
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThanOrEqual(1e-5);
  });
});
