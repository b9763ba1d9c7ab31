import { describe, expect, it } from 'vitest';
import { findNearest, findTowards, fitInto, placeLabels } from './map-layout.ts';

const frame = { width: 400, height: 300, margin: 20 };

describe('fitInto', () => {
  it('fits the widest axis between the margins, with up as up', () => {
    const place = fitInto(
      [
        [-2, -1],
        [2, 1],
      ],
      frame,
    );
    expect(place([-2, 0]).x).toBeCloseTo(20);
    expect(place([2, 0]).x).toBeCloseTo(380);
    expect(place([0, 1]).y).toBeLessThan(place([0, -1]).y);
  });

  it('keeps points from elsewhere inside the frame', () => {
    const place = fitInto(
      [
        [0, 0],
        [1, 1],
      ],
      frame,
    );
    expect(place([99, -99])).toEqual({ x: 390, y: 290 });
  });

  it('puts a single point into the middle', () => {
    expect(fitInto([[3, 4]], frame)([3, 4])).toEqual({ x: 200, y: 150 });
  });
});

const cross = [
  { x: 100, y: 100 },
  { x: 150, y: 110 },
  { x: 100, y: 40 },
  { x: 120, y: 300 },
];

it('finds the nearest place within reach', () => {
  expect(findNearest(cross, { x: 140, y: 105 }, 26)).toBe(1);
  expect(findNearest(cross, { x: 300, y: 105 }, 26)).toBeUndefined();
});

it('finds the next place in the direction of an arrow key', () => {
  const next = ['ArrowRight', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'Enter'].map((key) => findTowards(cross, 0, key));
  expect(next).toEqual([1, 2, 3, undefined, undefined]);
});

it('keeps labels off points and off each other', () => {
  const points = [{ x: 200, y: 150 }];
  const labels = [
    { x: 200, y: 150, width: 60 },
    { x: 202, y: 152, width: 60 },
  ];
  const [first, second] = placeLabels(labels, 18, points, frame);
  for (const label of [first!, second!]) {
    expect(Math.abs(label.x - 200) < 30 && Math.abs(label.y - 150) < 9).toBe(false);
  }
  expect(Math.abs(first!.x - second!.x) < 60 && Math.abs(first!.y - second!.y) < 18).toBe(false);
});
