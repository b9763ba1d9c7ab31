/** The plane in which a cloud of points spreads widest. */
export interface PrincipalPlane {
  /** Share of the cloud's variance along each axis, 0..1. */
  explained: readonly [number, number];
  /** Where a vector of the same size falls on the plane; the centre of the cloud is `[0, 0]`. */
  project(vector: ArrayLike<number>): [number, number];
}

/** A cloud that is round has no widest direction to be found: more steps would turn the axis without showing more. */
const mostSteps = 24;
const tolerance = 1e-6;

/** One array type only: with several, the engine's code for it is five times slower. */
function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
}

/** Scales to length 1 and returns the length it had. */
function normalise(vector: Float64Array): number {
  const length = Math.sqrt(dot(vector, vector));
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  return length;
}

function removeDirection(vector: Float64Array, direction: Float64Array): void {
  const along = dot(vector, direction);
  for (let i = 0; i < vector.length; i++) vector[i]! -= along * direction[i]!;
}

/** An axis has no sign of its own; this one makes equal clouds give equal maps. */
function fixSign(axis: Float64Array): void {
  let widest = 0;
  for (const value of axis) if (Math.abs(value) > Math.abs(widest)) widest = value;
  if (widest < 0) for (let i = 0; i < axis.length; i++) axis[i]! *= -1;
}

/**
 * Finds the first two principal components by power iteration: the covariance matrix is never formed, each step is one pass over
 * the rows (Golub and Van Loan, Matrix Computations, 4th edition, 8.2). Deterministic.
 *
 * @param data Row-major values, one row a point.
 * @param count Rows.
 * @param size Values of a row.
 * @param stride Only every so many rows decide the axes, for clouds whose shape some of their points tell.
 */
export function findPrincipalPlane(data: Float32Array, count: number, size: number, stride = 1): PrincipalPlane {
  const rows: Float64Array[] = [];
  for (let row = 0; row < count; row += stride)
    rows.push(Float64Array.from(data.subarray(row * size, (row + 1) * size)));

  const mean = new Float64Array(size);
  for (const row of rows) for (let i = 0; i < size; i++) mean[i]! += row[i]! / rows.length;
  for (const row of rows) for (let i = 0; i < size; i++) row[i]! -= mean[i]!;
  const total = rows.reduce((sum, row) => sum + dot(row, row), 0);

  const axes: Float64Array[] = [];
  const explained: number[] = [];
  for (let component = 0; component < 2; component++) {
    for (const row of rows) for (const axis of axes) removeDirection(row, axis);
    // The longest row that is left leans towards the widest direction, and is the same on every visit.
    let axis = rows
      .reduce((longest, row) => (dot(row, row) > dot(longest, longest) ? row : longest), new Float64Array(size))
      .slice();
    let variance = normalise(axis) < 1e-9 ? 0 : Number.NaN;

    for (let step = 0; step < mostSteps && variance !== 0; step++) {
      const next = new Float64Array(size);
      for (const row of rows) {
        const along = dot(row, axis);
        for (let i = 0; i < size; i++) next[i]! += along * row[i]!;
      }
      for (const earlier of axes) removeDirection(next, earlier);
      variance = normalise(next);
      const turned = 1 - Math.abs(dot(next, axis));
      axis = next;
      if (turned < tolerance) break;
    }

    fixSign(axis);
    axes.push(axis);
    explained.push(total > 0 ? variance / total : 0);
  }

  const [first, second] = axes as [Float64Array, Float64Array];
  const [firstOrigin, secondOrigin] = [dot(mean, first), dot(mean, second)];
  return {
    explained: explained as [number, number],
    project(vector) {
      const exact = Float64Array.from(vector);
      return [dot(exact, first) - firstOrigin, dot(exact, second) - secondOrigin];
    },
  };
}
