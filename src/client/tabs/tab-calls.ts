import { InsituError } from '../../errors/insitu-error.ts';
import type { ArgumentOf, ResultOf } from '../../protocol/method.ts';
import { type ErrorRecord, type Reply, toErrorRecord } from '../../protocol/reply.ts';
import type { RunEvent } from '../../protocol/worker-api.ts';
import type { OwnerLink } from './tab-group.ts';
import type { OwnerApi, TabMessage } from './tab-messages.ts';

export interface TabCallOptions<Result> {
  signal?: AbortSignal | undefined;
  /** What it is a call of. */
  of?: object;
  /** It is not sent again to another owner: this is done instead. */
  lapse?: (resolve: (result: Result) => void) => void;
  /** Hears what the owner tells of a run. */
  onEvent?: ((event: RunEvent, taken: () => void) => void) | undefined;
  /** Why it cannot be sent again to another owner, if so. */
  spent?: (() => InsituError | undefined) | undefined;
}

/** The calls of a tab. They wait until some owner has answered. */
export interface TabCalls {
  /** Whether there is an owner. */
  readonly connected: boolean;
  /** Calls without an answer. */
  readonly waiting: readonly number[];
  /** Sends a call, now or when there is an owner. Rejects with the signal's reason as soon as it aborts. */
  call<M extends keyof OwnerApi>(
    method: M,
    argument: ArgumentOf<OwnerApi[M]>,
    options?: TabCallOptions<ResultOf<OwnerApi[M]>>,
  ): Promise<ResultOf<OwnerApi[M]>>;
  send(message: TabMessage): void;
  /**
   * There is another owner, or none: sends again what the earlier one has not answered.
   *
   * @param first Sends what has to come before.
   */
  connect(link: OwnerLink | undefined, first?: () => void): void;
  settle(call: number, reply: Reply<unknown>): void;
  hear(call: number, event: RunEvent): void;
  /** Rejects the calls of something, or all. */
  reject(reason: unknown, of?: object): void;
}

interface WaitingCall {
  message: TabMessage & { type: 'call' };
  of: object | undefined;
  lapse: (() => void) | undefined;
  onEvent: ((event: RunEvent) => void) | undefined;
  spent: (() => InsituError | undefined) | undefined;
  settle(reply: Reply<unknown>): void;
  reject(reason: unknown): void;
}

export interface TabCallsParts {
  /** Makes errors of the class that the application knows. */
  toError(record: ErrorRecord): InsituError;
  onSettled(): void;
}

export function createTabCalls({ toError, onSettled }: TabCallsParts): TabCalls {
  const calls = new Map<number, WaitingCall>();
  let link: OwnerLink | undefined;
  let last = 0;

  const unsendable = (cause: unknown) => toError(toErrorRecord(notCloneable(cause)));
  const transmit = (waiting: WaitingCall) => {
    if (!link) return;
    try {
      link.send(waiting.message);
      waiting.message = { ...waiting.message, again: true };
    } catch (error) {
      waiting.reject(unsendable(error));
    }
  };

  return {
    get connected() {
      return link !== undefined;
    },
    get waiting() {
      return [...calls.keys()];
    },
    async call(method, given, { signal, of, lapse, onEvent, spent } = {}) {
      signal?.throwIfAborted();
      let argument: unknown;
      try {
        // It may be sent again when the caller has changed it.
        argument = structuredClone(given);
      } catch (error) {
        throw unsendable(error);
      }
      const call = ++last;
      const abort = () => {
        link?.send({ type: 'abort', call });
        calls.get(call)?.reject(signal!.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      try {
        return await new Promise<never>((resolve, reject) => {
          const waiting: WaitingCall = {
            message: { type: 'call', call, method, argument, again: false },
            of,
            lapse: lapse && (() => lapse(resolve as (result: unknown) => void)),
            onEvent: onEvent && ((event) => onEvent(event, () => link?.send({ type: 'taken', call }))),
            spent,
            settle: (reply) => (reply.ok ? resolve(reply.value as never) : reject(toError(reply.error))),
            reject,
          };
          calls.set(call, waiting);
          transmit(waiting);
        });
      } finally {
        signal?.removeEventListener('abort', abort);
        calls.delete(call);
        onSettled();
      }
    },
    send: (message) => link?.send(message),
    connect(next, first) {
      link = next;
      for (const [call, { lapse, spent, reject }] of calls) {
        const failure = spent?.();
        if (failure) reject(failure);
        if (!lapse) continue;
        calls.delete(call);
        lapse();
      }
      const before = [...calls.values()].filter(({ spent }) => !spent?.());
      first?.();
      for (const waiting of before) transmit(waiting);
    },
    settle: (call, reply) => calls.get(call)?.settle(reply),
    hear: (call, event) => calls.get(call)?.onEvent?.(event),
    reject(reason, of) {
      for (const waiting of calls.values()) if (!of || waiting.of === of) waiting.reject(reason);
    },
  };
}

function notCloneable(cause: unknown): InsituError {
  return new InsituError('INPUT_INVALID', 'The input or the options hold something that cannot be sent to a worker.', {
    hint: 'Pass plain data: no functions, no elements, no proxies of a framework.',
    cause,
  });
}
