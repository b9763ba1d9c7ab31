import { abortable } from '../../errors/abort.ts';
import { assetFailure } from '../../errors/asset-failure.ts';
import { InsituError, isInsituError } from '../../errors/insitu-error.ts';
import type { PageMessage, WorkerMessage } from '../../protocol/messages.ts';
import type { ArgumentOf, EventOf, ResultOf } from '../../protocol/method.ts';
import { type Reply, fromErrorRecord } from '../../protocol/reply.ts';
import type { SpawnedWorker } from './spawn-worker.ts';

export interface CallOptions<Event> {
  signal?: AbortSignal | undefined;
  /** Hears what the worker tells beside its answer, and perhaps after it. */
  onEvent?: ((event: Event) => void) | undefined;
}

/** A call on its way. */
export interface SentCall<T> {
  /** Rejects with an InsituError: what the worker answers, or why it died. Aborting does not touch it. */
  answer: Promise<T>;
  /** Asks the worker to stop; it answers when it has. Its events are not heard any more. */
  abort(): void;
}

/** The one channel between a page and a worker, and the calls that wait for it. Every call settles, also when the worker dies. */
export interface Connection<Api> {
  /** Why it is closed. */
  readonly death: InsituError | undefined;
  /** Calls without an answer. */
  readonly waiting: number;
  /**
   * @param onEvent Its second argument tells the worker that the event was taken in, for those that it waits for.
   * @param transfer What changes threads without a copy, and is gone here.
   * @throws InsituError `INPUT_INVALID` if the argument cannot be sent.
   */
  send<M extends keyof Api & string>(
    method: M,
    argument: ArgumentOf<Api[M]>,
    onEvent?: (event: EventOf<Api[M]>, taken: () => void) => void,
    transfer?: Transferable[],
  ): SentCall<ResultOf<Api[M]>>;
  /** Sends a call, and rejects with the signal's reason as soon as it aborts. */
  call<M extends keyof Api & string>(
    method: M,
    argument: ArgumentOf<Api[M]>,
    options?: CallOptions<EventOf<Api[M]>>,
  ): Promise<ResultOf<Api[M]>>;
  post(message: PageMessage): void;
  /** Resolves when the worker has answered everything, also what was aborted and nobody waits for; or after a while. */
  idle(): Promise<void>;
  /** Ends the worker; calls that wait reject with the reason. */
  close(reason: InsituError): void;
}

/** Who looks after a connection. */
export interface ConnectionWatcher {
  /** The worker has said something. */
  onSign(): void;
  /** The worker holds the lock it was asked to hold. */
  onHeld(): void;
  /** A call was sent or answered. */
  onTraffic(): void;
  onDeath(reason: InsituError): void;
}

interface OpenCall {
  settle(reply: Reply<unknown>): void;
  reject(reason: InsituError): void;
  onEvent: ((event: never, taken: () => void) => void) | undefined;
}

/** An aborted download stores what it has before the worker answers. A worker that takes longer is ended all the same. */
const idlePatienceMs = 3000;

export function openConnection<Api>({ worker, url }: SpawnedWorker, watcher: ConnectionWatcher): Connection<Api> {
  const waiting = new Map<number, OpenCall>();
  /** Answered, with more to tell. */
  const telling = new Map<number, OpenCall>();
  const emptied: (() => void)[] = [];
  let death: InsituError | undefined;
  let started = false;
  let calls = 0;

  const takeOut = (call: number): OpenCall | undefined => {
    const open = waiting.get(call);
    waiting.delete(call);
    if (waiting.size === 0) for (const resolve of emptied.splice(0)) resolve();
    return open;
  };

  const close = (reason: InsituError) => {
    if (death) return;
    death = reason;
    worker.terminate();
    telling.clear();
    for (const [call] of waiting) takeOut(call)!.reject(reason);
    watcher.onDeath(reason);
  };

  worker.addEventListener('message', (event) => {
    // Whoever is not trusted is listened to by `isolation/` first. Other messages than ours are left alone.
    const { data } = event as MessageEvent<WorkerMessage>;
    if (death) return;
    started = true;
    watcher.onSign();
    switch (data?.type) {
      case 'event':
        (waiting.get(data.call) ?? telling.get(data.call))?.onEvent?.(data.event as never, () => {
          if (!death) post({ type: 'taken', call: data.call });
        });
        break;
      case 'reply': {
        const open = takeOut(data.call);
        if (open && data.more) telling.set(data.call, open);
        open?.settle(data.reply);
        watcher.onTraffic();
        break;
      }
      case 'end':
        telling.delete(data.call);
        break;
      case 'held':
        watcher.onHeld();
        break;
      case 'fault':
        close(faulty(fromErrorRecord(data.error)));
        break;
      case 'violation':
      case 'pong':
    }
  });
  worker.addEventListener('error', async (event) => {
    event.preventDefault();
    const { message, error } = event as ErrorEvent;
    const cause = error ?? new Error(message || 'no reason given');
    if (isInsituError(error)) return close(error);
    if (!started) return close(await assetFailure(url, 'The worker of insitu', cause));
    close(crashed(`The worker died: ${message || 'no reason given'}.`, cause));
  });
  worker.addEventListener('messageerror', () => close(crashed('A message of the worker could not be read.')));

  const post = (message: PageMessage, transfer: Transferable[] = []) => worker.postMessage(message, transfer);

  const send: Connection<Api>['send'] = (method, argument, onEvent, transfer) => {
    if (death) return { answer: Promise.reject(death), abort: () => {} };
    const call = ++calls;
    try {
      post({ type: 'call', call, method, argument }, transfer);
    } catch (error) {
      throw error instanceof DOMException && error.name === 'DataCloneError' ? notCloneable(error) : error;
    }
    const answer = new Promise<never>((resolve, reject) => {
      const settle = (reply: Reply<unknown>) =>
        reply.ok ? resolve(reply.value as never) : reject(fromErrorRecord(reply.error));
      waiting.set(call, { settle, reject, onEvent });
    });
    watcher.onTraffic();
    const abort = () => {
      const open = waiting.get(call);
      if (!open) return;
      open.onEvent = undefined;
      post({ type: 'abort', call });
    };
    return { answer, abort };
  };

  return {
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
      try {
        return await abortable(answer, signal);
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    },
    post,
    async idle() {
      if (waiting.size === 0) return;
      let timer: ReturnType<typeof setTimeout> | undefined;
      await new Promise<void>((resolve) => {
        emptied.push(resolve);
        timer = setTimeout(resolve, idlePatienceMs);
      });
      clearTimeout(timer);
    },
    close,
  };
}

/** What says more than that something failed is told as it is. */
function faulty(error: InsituError): InsituError {
  return error.code === 'INTERNAL' ? crashed(`Something failed in the worker: ${error.message}`, error) : error;
}

export function crashed(message: string, cause?: unknown): InsituError {
  return new InsituError('WORKER_CRASHED', message, {
    hint: 'Call again: a fresh worker takes its place, and the model is read from the store.',
    retryable: true,
    cause,
  });
}

function notCloneable(cause: DOMException): InsituError {
  return new InsituError('INPUT_INVALID', 'The input or the options hold something that cannot be sent to a worker.', {
    hint: 'Pass plain data: no functions, no elements, no proxies of a framework.',
    cause,
  });
}
