import type { ErrorCode, WorkerState } from 'insitu';

/** A worker as it is now. */
export interface LaneWorker {
  /** Counts from 1 on this page. */
  readonly number: number;
  readonly lane: number;
  state: WorkerState;
  /** When it came into this state, by `performance.now()`. */
  since: number;
  /** Why it died, if nobody asked for it. */
  code?: ErrorCode;
}

/** What the library tells of its workers, laid out in lanes: a worker takes the first lane in which none lives. */
export interface WorkerLanes {
  readonly alive: readonly LaneWorker[];
  /** Workers that have ended. */
  readonly ended: number;
  start(number: number, at: number): LaneWorker;
  /** @returns The worker, if that is news. */
  change(number: number, state: WorkerState, at: number, code?: ErrorCode): LaneWorker | undefined;
}

export function createWorkerLanes(): WorkerLanes {
  const alive = new Map<number, LaneWorker>();
  let ended = 0;

  const firstFree = (): number => {
    const taken = new Set([...alive.values()].map(({ lane }) => lane));
    let lane = 0;
    while (taken.has(lane)) lane++;
    return lane;
  };

  return {
    get alive() {
      return [...alive.values()];
    },
    get ended() {
      return ended;
    },
    start(number, at) {
      const worker: LaneWorker = { number, lane: firstFree(), state: 'starting', since: at };
      alive.set(number, worker);
      return worker;
    },
    change(number, state, at, code) {
      const worker = alive.get(number);
      if (!worker || worker.state === state) return undefined;
      worker.state = state;
      worker.since = at;
      if (code) worker.code = code;
      if (state === 'dead') {
        alive.delete(number);
        ended++;
      }
      return worker;
    },
  };
}
