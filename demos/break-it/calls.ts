import type { AbortKind, RunClientEvent } from 'insitu';
import type { Failure } from '../shared/failure-notice.ts';

/** How a call ended. `untyped`: with something that is no error of the library, which must not happen. */
export type Outcome = 'pending' | 'answered' | 'rejected' | 'aborted' | 'untyped';

export interface CallFailure extends Failure {
  retryable: boolean;
}

/** A call to the library, from the moment it is made. Times are those of `performance.now()`. */
export interface Call {
  readonly id: number;
  /** `steady`: of the stream. `attack`: made by an attack. */
  readonly kind: 'steady' | 'attack';
  /** In words. */
  readonly what: string;
  readonly calledAt: number;
  outcome: Outcome;
  settledAt?: number;
  failure?: CallFailure;
  /** How it was aborted; the library tells a moment after the call has rejected. */
  abort?: AbortKind;
}

export interface MadeCall<T> {
  call: Call;
  /** `undefined` if the call failed. Never rejects. */
  value: Promise<T | undefined>;
}

export interface Tally {
  made: number;
  answered: number;
  rejected: number;
  aborted: number;
  pending: number;
  /** Pending for longer than `deadline`. */
  overdue: number;
  untyped: number;
}

/** Every call of the page, and how it ended. */
export interface Calls {
  make<T>(
    given: Pick<Call, 'kind' | 'what'> & { signal?: AbortSignal | undefined },
    call: () => Promise<T>,
  ): MadeCall<T>;
  tally(): Tally;
  /** A run has ended, says the library: tells how calls were aborted. */
  noteRun(run: Pick<RunClientEvent, 'start' | 'abort'>): void;
}

export interface CallsOptions {
  /** Milliseconds after which a call that is pending should have settled. */
  deadline: number;
  /** A thrown value in words, and whether the library threw it. */
  describe(thrown: unknown): { failure: CallFailure; typed: boolean };
  /** A call was made, has settled, or it is known how it was aborted. */
  onChange(call: Call): void;
  now?(): number;
}

/** A call of many inputs is several runs, and each may be aborted in another way: what counts is how far it had come. */
const abortRanks: readonly (AbortKind | undefined)[] = [undefined, 'queued', 'step', 'terminated'];
/** Aborted calls of which there may be more to hear. */
const mostAborted = 50;

export function createCalls({ deadline, describe, onChange, now = () => performance.now() }: CallsOptions): Calls {
  /** Calls of which there is more to hear, with the moment by which the library had begun them. */
  const open = new Map<Call, number>();
  const counts = { made: 0, answered: 0, rejected: 0, aborted: 0, untyped: 0 };

  const settle = (call: Call, outcome: Exclude<Outcome, 'pending'>): void => {
    call.outcome = outcome;
    call.settledAt = now();
    counts[outcome]++;
    if (outcome !== 'aborted') open.delete(call);
    const aborted = [...open.keys()].filter((one) => one.outcome === 'aborted');
    if (aborted.length > mostAborted) open.delete(aborted[0]!);
    onChange(call);
  };

  return {
    make({ kind, what, signal }, make) {
      const call: Call = { id: ++counts.made, kind, what, calledAt: now(), outcome: 'pending' };
      const promise = make();
      open.set(call, now());
      const value = promise.then(
        (answer) => {
          settle(call, 'answered');
          return answer;
        },
        (thrown: unknown) => {
          if (signal?.aborted && thrown === signal.reason) settle(call, 'aborted');
          else {
            const { failure, typed } = describe(thrown);
            call.failure = failure;
            settle(call, typed ? 'rejected' : 'untyped');
          }
          return undefined;
        },
      );
      onChange(call);
      return { call, value };
    },

    tally() {
      const waiting = [...open.keys()].filter(({ outcome }) => outcome === 'pending');
      const late = now() - deadline;
      return { ...counts, pending: waiting.length, overdue: waiting.filter((call) => call.calledAt < late).length };
    },

    noteRun({ start, abort }) {
      const [call] = [...open].find(([{ calledAt }, begun]) => calledAt <= start && start <= begun) ?? [];
      if (!call || abortRanks.indexOf(abort) <= abortRanks.indexOf(call.abort)) return;
      call.abort = abort!;
      if (call.outcome === 'aborted') onChange(call);
    },
  };
}
