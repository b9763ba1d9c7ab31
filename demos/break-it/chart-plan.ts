/** Rows of equal height, one below the other. */
interface Band {
  rows: number;
  /** Baseline of its caption. */
  caption: number;
  top: number;
  /** Middle of a row; the first is the uppermost. */
  y(row: number): number;
}

/** Where things stand in the chart, in pixels from its upper left corner. */
export interface ChartPlan {
  height: number;
  /** Pixels of a second. */
  second: number;
  /** Right of the present moment. */
  gutter: number;
  flags: Band;
  attack: Band;
  steady: Band;
  lanes: Band;
  axis: number;
}

interface Measures {
  second: number;
  gutter: number;
  /** Rows of each band, and their height. */
  flags: [number, number];
  attack: [number, number];
  steady: [number, number];
  lanes: [number, number];
  /** Above each band but the first, for its caption. */
  gap: number;
}

function planOf({ second, gutter, gap, ...measures }: Measures): ChartPlan {
  let bottom = 0;
  const band = ([rows, height]: [number, number], space: number): Band => {
    const top = bottom + space;
    bottom = top + rows * height;
    return { rows, top, caption: top - 8, y: (row) => top + (Math.min(row, rows - 1) + 0.5) * height };
  };
  const flags = band(measures.flags, 0);
  const attack = band(measures.attack, gap);
  const steady = band(measures.steady, gap);
  const lanes = band(measures.lanes, gap + 2);
  const axis = bottom + 4;
  return { height: axis + 18, second, gutter, flags, attack, steady, lanes, axis };
}

export const widePlan = planOf({
  second: 30,
  gutter: 104,
  flags: [2, 20],
  attack: [6, 15],
  steady: [10, 9],
  lanes: [3, 26],
  gap: 24,
});

/** For a phone, where the attacks should be in sight, too. */
export const narrowPlan = planOf({
  second: 24,
  gutter: 82,
  flags: [2, 19],
  attack: [4, 13],
  steady: [8, 6],
  lanes: [2, 22],
  gap: 20,
});
