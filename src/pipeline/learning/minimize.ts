/** The value of a function at a point; writes its gradient there. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface MinimizeOptions {
  /** Ends where no part of the gradient is larger. @default 1e-5 */
  tolerance?: number;
  /** @default 200 */
  mostIterations?: number;
}

/** Pairs of steps and changes of the gradient that the curvature is read from. */
const memory = 8;
/** Of the decrease that the gradient promises, a step must bring this part (Armijo). */
const sufficient = 1e-4;
/** A step that was halved so often leads nowhere: rounding is all that is left. */
const mostHalvings = 40;

/**
 * Minimises a smooth convex function: L-BFGS with its two-loop recursion (Nocedal and Wright, Numerical Optimization, algorithm 7.4) and
 * a line search by halving. The same function and start give the same result.
 *
 * @param start Where to begin; becomes the point that was found.
 */
export function minimize(
  objective: Objective,
  start: Float64Array,
  { tolerance = 1e-5, mostIterations = 200 }: MinimizeOptions = {},
): Float64Array {
  const size = start.length;
  let point: Float64Array = start;
  let gradient: Float64Array = new Float64Array(size);
  let value = objective(point, gradient);
  let next: Float64Array = new Float64Array(size);
  let nextGradient: Float64Array = new Float64Array(size);
  const pairs: { step: Float64Array; change: Float64Array; curvature: number }[] = [];

  for (let iteration = 0; iteration < mostIterations && largest(gradient) > tolerance; iteration++) {
    const direction = descend(gradient, pairs);
    const slope = dot(direction, gradient);
    // Without curvature, nothing is known of the scale.
    let length = pairs.length === 0 ? 1 / Math.sqrt(dot(gradient, gradient)) : 1;
    let nextValue = Infinity;
    for (let halvings = 0; ; halvings++, length /= 2) {
      if (halvings > mostHalvings) return point;
      for (let at = 0; at < size; at++) next[at] = point[at]! + length * direction[at]!;
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + sufficient * length * slope) break;
    }
    const step = next.map((to, at) => to - point[at]!);
    const change = nextGradient.map((to, at) => to - gradient[at]!);
    const curvature = dot(step, change);
    if (curvature > 1e-12 * dot(change, change)) pairs.push({ step, change, curvature });
    if (pairs.length > memory) pairs.shift();
    [point, next] = [next, point];
    [gradient, nextGradient] = [nextGradient, gradient];
    value = nextValue;
  }
  return point;
}

function descend(
  gradient: Float64Array,
  pairs: readonly { step: Float64Array; change: Float64Array; curvature: number }[],
): Float64Array {
  const direction = gradient.map((value) => -value);
  const shares: number[] = [];
  for (const { step, change, curvature } of [...pairs].reverse()) {
    const share = dot(step, direction) / curvature;
    shares.unshift(share);
    addScaled(direction, change, -share);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = last.curvature / dot(last.change, last.change);
    for (let at = 0; at < direction.length; at++) direction[at]! *= scale;
  }
  for (const [index, { step, change, curvature }] of pairs.entries()) {
    addScaled(direction, step, shares[index]! - dot(change, direction) / curvature);
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

function addScaled(target: Float64Array, other: Float64Array, scale: number): void {
  for (let at = 0; at < target.length; at++) target[at]! += scale * other[at]!;
}

function largest(values: Float64Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}
