/** How long something took, over all times it was done. */
export interface Timing {
  count: number;
  /** Milliseconds. */
  last: number;
  mean: number;
  max: number;
}

/**
 * How runs were aborted: before they reached a worker (`queued`), by the worker, between two steps of their work or two operators of
 * the runtime (`step`), or by ending the worker (`terminated`).
 */
export type AbortKind = 'queued' | 'step' | 'terminated';

/** What happened to the runs of one model. */
export interface RunTally {
  readonly answered: number;
  readonly failed: number;
  readonly aborted: Readonly<Record<AbortKind, number>>;
  /** How often it was loaded. */
  readonly loads: number;
  /** From the call to a worker. */
  readonly wait: Timing;
  /** From a worker's start to its answer. */
  readonly run: Timing;
  readonly load: Timing;
}

export interface RunTallyKeeper extends RunTally {
  answered: number;
  failed: number;
  readonly aborted: Record<AbortKind, number>;
  loads: number;
}

export function createRunTally(): RunTallyKeeper {
  return {
    answered: 0,
    failed: 0,
    aborted: { queued: 0, step: 0, terminated: 0 },
    loads: 0,
    wait: createTiming(),
    run: createTiming(),
    load: createTiming(),
  };
}

const createTiming = (): Timing => ({ count: 0, last: 0, mean: 0, max: 0 });

export function addTime(timing: Timing, milliseconds: number): void {
  timing.count++;
  timing.last = milliseconds;
  timing.mean += (milliseconds - timing.mean) / timing.count;
  timing.max = Math.max(timing.max, milliseconds);
}
