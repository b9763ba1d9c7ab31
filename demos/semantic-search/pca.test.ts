import { describe, expect, it } from 'vitest';
import { findPrincipalPlane } from './pca.ts';

/** Numbers that look random and are the same in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 - 0.5;
  };
}

/** A cloud that is `widths[i]` wide along the i-th of some orthonormal directions, around `centre`. */
function createCloud(count: number, directions: number[][], widths: number[], centre: number[]): Float32Array {
  const random = createRandom(7);
  const size = centre.length;
  const data = new Float32Array(count * size);
  for (let row = 0; row < count; row++) {
    const along = widths.map((width) => width * random());
    for (let i = 0; i < size; i++) {
      data[row * size + i] =
        centre[i]! + directions.reduce((sum, direction, axis) => sum + along[axis]! * direction[i]!, 0);
    }
  }
  return data;
}

const half = Math.SQRT1_2;
const directions = [
  [half, half, 0, 0],
  [0, 0, half, -half],
  [half, -half, 0, 0],
  [0, 0, half, half],
];

describe('findPrincipalPlane', () => {
  it('finds the two widest directions, whatever the centre', () => {
    const centre = [5, -3, 2, 40];
    const plane = findPrincipalPlane(createCloud(400, directions, [9, 4, 0.5, 0.2], centre), 400, 4);

    const origin = plane.project(centre);
    const along = directions.map((direction) => {
      const [x, y] = plane.project(direction.map((value, i) => value + centre[i]!));
      return [Math.abs(x - origin[0]), Math.abs(y - origin[1])];
    });
    expect(along[0]![0]).toBeGreaterThan(0.995);
    expect(along[1]![1]).toBeGreaterThan(0.995);
    expect(along[2]![0]).toBeLessThan(0.1);
    expect(along[3]![1]).toBeLessThan(0.1);
  });

  it('puts the centre of the cloud at the origin', () => {
    const data = createCloud(50, directions, [3, 2, 1, 1], [1, 2, 3, 4]);
    const plane = findPrincipalPlane(data, 50, 4);
    const sum = [0, 0];
    for (let row = 0; row < 50; row++) {
      const [x, y] = plane.project(data.subarray(row * 4, row * 4 + 4));
      sum[0]! += x;
      sum[1]! += y;
    }
    expect(sum[0]).toBeCloseTo(0, 4);
    expect(sum[1]).toBeCloseTo(0, 4);
  });

  it('tells the share of variance of each axis', () => {
    // The variance of a uniform distribution grows with the square of its width.
    const { explained } = findPrincipalPlane(createCloud(4000, directions, [3, 2, 1, 1], [0, 0, 0, 0]), 4000, 4);
    expect(explained[0]).toBeCloseTo(9 / 15, 1);
    expect(explained[1]).toBeCloseTo(4 / 15, 1);
  });

  it('keeps the distances of points that lie in a plane', () => {
    const data = createCloud(30, directions.slice(0, 2), [3, 2], [1, 1, 1, 1]);
    const plane = findPrincipalPlane(data, 30, 4);
    const row = (index: number) => data.subarray(index * 4, index * 4 + 4);
    const [a, b] = [plane.project(row(3)), plane.project(row(17))];
    const inSpace = Math.hypot(...row(3).map((value, i) => value - row(17)[i]!));
    expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeCloseTo(inSpace, 4);
    expect(plane.explained[0] + plane.explained[1]).toBeCloseTo(1, 5);
  });

  it('gives the same map twice', () => {
    const data = createCloud(60, directions, [3, 2.9, 1, 1], [0, 0, 0, 0]);
    const [one, other] = [findPrincipalPlane(data, 60, 4), findPrincipalPlane(data.slice(), 60, 4)];
    expect(one.project(data.subarray(0, 4))).toEqual(other.project(data.subarray(0, 4)));
  });

  it('finds nearly the same axes from every third point', () => {
    const data = createCloud(900, directions, [9, 4, 1, 1], [0, 0, 0, 0]);
    const [all, some] = [findPrincipalPlane(data, 900, 4), findPrincipalPlane(data, 900, 4, 3)];
    const [x, y] = some.project(directions[0]!);
    expect(Math.abs(x - all.project(directions[0]!)[0])).toBeLessThan(0.2);
    expect(Math.abs(y)).toBeLessThan(0.2);
  });

  it.each([
    ['no points', 0, []],
    ['one point', 1, [1, 2, 3]],
    ['equal points', 3, [1, 2, 3, 1, 2, 3, 1, 2, 3]],
    ['points on a line', 3, [0, 0, 0, 1, 1, 1, 2, 2, 2]],
  ])('answers with finite numbers for %s', (_, count, data) => {
    const plane = findPrincipalPlane(Float32Array.from(data), count, 3);
    expect([...plane.project([1, 2, 3]), ...plane.explained].every(Number.isFinite)).toBe(true);
  });
});
