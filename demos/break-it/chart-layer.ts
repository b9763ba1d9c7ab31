/** Something that is drawn on the time axis of the chart. */
export interface ChartLayer {
  /** Draws what is not over as far as the present. */
  extend(now: number): void;
  /** Removes what ended before. */
  prune(before: number): void;
}
