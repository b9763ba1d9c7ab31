/** A place on the drawn map, in pixels. */
export interface Place {
  x: number;
  y: number;
}

export interface Frame {
  width: number;
  height: number;
  /** Pixels kept free on each side. */
  margin: number;
}

/** How much more one axis may be stretched than the other: a map that fills its frame, and distances that still mean something. */
const mostStretch = 1.5;

/** Fits points of the plane into a frame, the first axis to the right and the second upwards. Returns the placing function. */
export function fitInto(
  points: readonly (readonly [number, number])[],
  { width, height, margin }: Frame,
): (point: readonly [number, number]) => Place {
  const span = (axis: 0 | 1): { middle: number; range: number } => {
    const values = points.map((point) => point[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { middle: (low + high) / 2, range: high - low || 1 };
  };
  const [horizontal, vertical] = [span(0), span(1)];
  const fit = [(width - 2 * margin) / horizontal.range, (height - 2 * margin) / vertical.range] as const;
  const shared = Math.min(...fit) * mostStretch;
  const scale = [Math.min(fit[0], shared), Math.min(fit[1], shared)] as const;
  const clamp = (value: number, size: number): number => Math.max(margin / 2, Math.min(size - margin / 2, value));
  return ([x, y]) => ({
    x: clamp(width / 2 + (x - horizontal.middle) * scale[0], width),
    y: clamp(height / 2 - (y - vertical.middle) * scale[1], height),
  });
}

/** Index of the place nearest to a point, no farther than `reach` pixels. */
export function findNearest(places: readonly Place[], { x, y }: Place, reach: number): number | undefined {
  let nearest: number | undefined;
  let shortest = reach;
  places.forEach((place, index) => {
    const distance = Math.hypot(place.x - x, place.y - y);
    if (distance <= shortest) [nearest, shortest] = [index, distance];
  });
  return nearest;
}

/**
 * Index of the place that an arrow key leads to: the nearest one within 45 degrees of that direction, sideways distance counting
 * double.
 */
export function findTowards(places: readonly Place[], from: number, key: string): number | undefined {
  const directions: Record<string, readonly [number, number]> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  const direction = directions[key];
  const origin = places[from];
  if (!direction || !origin) return undefined;
  let best: number | undefined;
  let shortest = Number.POSITIVE_INFINITY;
  places.forEach(({ x, y }, index) => {
    if (index === from) return;
    const ahead = (x - origin.x) * direction[0] + (y - origin.y) * direction[1];
    const aside = Math.abs((x - origin.x) * direction[1] + (y - origin.y) * direction[0]);
    if (ahead <= 0 || aside > ahead) return;
    const cost = ahead + 2 * aside;
    if (cost < shortest) [best, shortest] = [index, cost];
  });
  return best;
}

/** How far from its own place a label may go, in pixels. */
const offsets = [0, -14, 14, -28, 28, -42, 42];

/**
 * Finds a place for each label near its own one, where it covers few points and no label before it.
 *
 * @param labels The middle of each label and how wide it is.
 * @param height Of every label.
 */
export function placeLabels(
  labels: readonly (Place & { width: number })[],
  height: number,
  points: readonly Place[],
  { width, height: areaHeight }: Frame,
): Place[] {
  const placed: (Place & { width: number })[] = [];
  for (const label of labels) {
    let best = label;
    let lowest = Number.POSITIVE_INFINITY;
    for (const dx of offsets) {
      for (const dy of offsets) {
        const x = Math.max(label.width / 2, Math.min(width - label.width / 2, label.x + dx));
        const y = Math.max(height, Math.min(areaHeight - height, label.y + dy));
        const covered = points.filter(
          (point) => Math.abs(point.x - x) < label.width / 2 + 4 && Math.abs(point.y - y) < height / 2 + 4,
        );
        const crossed = placed.filter(
          (other) => Math.abs(other.x - x) < (other.width + label.width) / 2 + 6 && Math.abs(other.y - y) < height + 2,
        );
        // One point covered is worth a way of 25 pixels; another label is worth any way.
        const cost = Math.hypot(dx, dy) + 25 * covered.length + 400 * crossed.length;
        if (cost < lowest) [best, lowest] = [{ x, y, width: label.width }, cost];
      }
    }
    placed.push(best);
  }
  return placed;
}
