import { abortable } from '../../errors/abort.ts';
import { InsituError } from '../../errors/insitu-error.ts';
import type { WorkerApi } from '../../protocol/worker-api.ts';
import type { SupervisedWorker, WorkerState } from './supervised-worker.ts';
import type { ModelWorker } from './worker-pool.ts';

/** A call that the test answers. */
export interface FakeCall {
  readonly method: string;
  readonly argument: unknown;
  /** What was given away with it. */
  readonly transfer: readonly Transferable[];
  readonly aborted: boolean;
  /** Events that the page has taken in. */
  readonly taken: number;
  /** Tells an event beside the answer. */
  tell(event: unknown): void;
  answer(value?: unknown): void;
  fail(error: unknown): void;
}

/** A supervised worker whose calls the test answers, and with it what the test may do to it. */
export interface FakeSupervised {
  readonly worker: SupervisedWorker<WorkerApi>;
  /** All calls, answered or not. */
  readonly calls: FakeCall[];
  /** Calls of a method without an answer. */
  open(method: string): FakeCall[];
  /** It dies by itself. */
  die(reason: InsituError): void;
  enter(state: 'ready' | 'draining'): void;
}

export interface FakeHooks {
  onState?(state: WorkerState): void;
  onDeath?(reason: InsituError): void;
}

export const crash = (message = 'The worker died.'): InsituError =>
  new InsituError('WORKER_CRASHED', message, { hint: 'Call again.', retryable: true });

export function createFakeSupervised({ onState, onDeath }: FakeHooks = {}): FakeSupervised {
  const calls: FakeCall[] = [];
  const waiting = new Set<FakeCall>();
  let state: WorkerState = 'starting';
  let death: InsituError | undefined;
  let emptied = () => {};

  const enter = (next: WorkerState) => {
    state = next;
    onState?.(next);
  };
  const die = (reason: InsituError) => {
    if (death) return;
    death = reason;
    for (const call of waiting) call.fail(reason);
    enter('dead');
    onDeath?.(reason);
  };
  const send = (
    method: string,
    argument: unknown,
    onEvent?: (event: never, taken: () => void) => void,
    transfer: readonly Transferable[] = [],
  ) => {
    if (death) return { answer: Promise.reject(death), abort: () => {} };
    let aborted = false;
    let taken = 0;
    let call!: FakeCall;
    const answer = new Promise<never>((resolve, reject) => {
      const settle = (how: () => void) => {
        waiting.delete(call);
        how();
        if (waiting.size === 0) emptied();
      };
      call = {
        method,
        argument,
        transfer,
        get aborted() {
          return aborted;
        },
        get taken() {
          return taken;
        },
        tell: (event) => void (aborted || onEvent?.(event as never, () => void taken++)),
        answer: (value) => settle(() => resolve(value as never)),
        fail: (error) => settle(() => reject(error)),
      };
      waiting.add(call);
      calls.push(call);
    });
    return { answer, abort: () => void (aborted = true) };
  };

  const worker = {
    get state() {
      return state;
    },
    get death() {
      return death;
    },
    get waiting() {
      return waiting.size;
    },
    send,
    async call(method, argument, { signal, onEvent } = {}) {
      signal?.throwIfAborted();
      const { answer, abort } = send(method, argument, onEvent);
      signal?.addEventListener('abort', abort, { once: true });
      return abortable(answer, signal);
    },
    async drain(reason) {
      enter('draining');
      if (waiting.size > 0) await new Promise<void>((resolve) => (emptied = resolve));
      die(reason);
    },
    close: async (reason) => die(reason),
  } satisfies SupervisedWorker<WorkerApi>;

  return {
    worker,
    calls,
    open: (method) => [...waiting].filter((call) => call.method === method),
    die,
    enter,
  };
}

let lastId = 0;

/** The same as a worker of a pool that has a seat taken. */
export function createFakeModelWorker(hooks?: FakeHooks): Omit<FakeSupervised, 'worker'> & { worker: ModelWorker } {
  const fake = createFakeSupervised(hooks);
  const own = { id: ++lastId, isolated: false, seats: 1, heap: 0, running: [] };
  const worker = Object.defineProperties(own, Object.getOwnPropertyDescriptors(fake.worker)) as unknown as ModelWorker;
  return { ...fake, worker };
}
