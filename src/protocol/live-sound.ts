/** A piece of a sound while it is made. */
export interface LiveBlock {
  kind: 'live-block';
  /** At the model's rate, -1..1. */
  samples: Float32Array;
  /** What the run before gave; only the task knows what is in it. */
  heard: unknown;
  /** Nothing follows. */
  last: boolean;
}

/** What a run knows after a block. */
export interface HeardSoFar<Found> {
  /** What is certain now and was not before. */
  found: Found[];
  /** For the next run. */
  heard: unknown;
}
