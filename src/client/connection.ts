import { type Remote, transfer, wrap } from 'comlink';
import { abortable } from '../errors/abort.ts';
import { assetFailure } from '../errors/asset-failure.ts';
import { InsituError } from '../errors/insitu-error.ts';
import { type Reply, fromErrorRecord } from '../protocol/reply.ts';
import type { CallControl, CallNotice } from '../protocol/worker-api.ts';
import type { SpawnedWorker } from './spawn-worker.ts';

export interface CallOptions<Event> {
  signal?: AbortSignal | undefined;
  /** Hears what the worker tells beside its answer, and perhaps after it. */
  onEvent?: ((event: Event) => void) | undefined;
}

/** A worker, and the calls that wait for it. Every call settles, also when the worker dies. */
export interface Connection<Api> {
  readonly dead: boolean;
  /**
   * @param method Makes the call; `port` goes with it where the call can be aborted or listened to.
   * @throws InsituError what the worker answers, or why it died; the signal's reason when aborted.
   */
  call<T, Event = never>(
    method: (api: Remote<Api>, port: MessagePort | undefined) => Promise<Reply<T>>,
    options?: CallOptions<Event>,
  ): Promise<T>;
  /** Resolves when the worker has answered everything, also what was aborted and nobody waits for; or after a while. */
  idle(): Promise<void>;
  /** Ends the worker; calls that wait reject with the reason. */
  close(reason: InsituError): void;
}

/** An aborted download stores what it has before the worker answers. A worker that takes longer is ended all the same. */
const idlePatienceMs = 3000;

/** @param begin First call, if the worker wants one; if it fails, so does the connection. */
export function openConnection<Api>(
  { worker, url }: SpawnedWorker,
  begin?: (api: Remote<Api>) => Promise<Reply<unknown>>,
): Connection<Api> {
  const api = wrap<Api>(worker);
  const pending = new Set<(reason: unknown) => void>();
  const unanswered = new Set<Promise<unknown>>();
  let death: InsituError | undefined;
  let started = false;

  const close = (reason: InsituError) => {
    if (death) return;
    death = reason;
    worker.terminate();
    for (const reject of pending) reject(reason);
    pending.clear();
  };

  worker.addEventListener('error', async (event) => {
    event.preventDefault();
    if (!started)
      return close(await assetFailure(url, 'The worker of insitu', new Error(event.message || 'no reason given')));
    close(crashed(`The worker died: ${event.message || 'no reason given'}.`));
  });
  worker.addEventListener('messageerror', () => close(crashed('A message of the worker could not be read.')));

  const settle = <T>(answer: Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      if (death) return reject(death);
      pending.add(reject);
      answer.then(resolve, reject).finally(() => pending.delete(reject));
    });

  const call: Connection<Api>['call'] = async (method, { signal, onEvent } = {}) => {
    signal?.throwIfAborted();
    const channel = signal || onEvent ? new MessageChannel() : undefined;
    const ended = channel && listen(channel.port1, onEvent);
    const abort = () => channel?.port1.postMessage({ type: 'abort' } satisfies CallControl);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      const answer = method(api, channel && transfer(channel.port2, [channel.port2]));
      unanswered.add(answer);
      const answered = () => unanswered.delete(answer);
      answer.then(() => {
        started = true;
        answered();
      }, answered);
      const reply = await abortable(settle(onEvent ? answer.finally(() => ended) : answer), signal);
      if (!reply.ok) throw fromErrorRecord(reply.error);
      return reply.value;
    } catch (error) {
      channel?.port1.close();
      throw error instanceof DOMException && error.name === 'DataCloneError' ? notCloneable(error) : error;
    } finally {
      signal?.removeEventListener('abort', abort);
      if (!onEvent) channel?.port1.close();
    }
  };

  const connection: Connection<Api> = {
    get dead() {
      return death !== undefined;
    },
    call,
    async idle() {
      if (death || unanswered.size === 0) return;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, idlePatienceMs)));
      await Promise.race([Promise.allSettled(unanswered), late]);
      clearTimeout(timer);
    },
    close,
  };
  if (begin) call(begin).catch(close);
  return connection;
}

/** Resolves when the worker has told what belongs before the answer. What it tells after that is heard too. */
function listen<Event>(port: MessagePort, onEvent: ((event: Event) => void) | undefined): Promise<void> {
  return new Promise((resolve) => {
    port.onmessage = ({ data }: MessageEvent<CallNotice<Event>>) => {
      if (data.type === 'event') onEvent?.(data.event);
      else resolve();
      if (data.type === 'end') port.close();
    };
  });
}

function crashed(message: string): InsituError {
  return new InsituError('WORKER_CRASHED', message, {
    hint: 'Load the pipeline again: a fresh worker takes its place.',
    retryable: true,
  });
}

function notCloneable(cause: DOMException): InsituError {
  return new InsituError('INPUT_INVALID', 'The input or the options hold something that cannot be sent to a worker.', {
    hint: 'Pass plain data: no functions, no elements, no proxies of a framework.',
    cause,
  });
}
