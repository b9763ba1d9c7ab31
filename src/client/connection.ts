import { type Remote, transfer, wrap } from 'comlink';
import { abortable } from '../errors/abort.ts';
import { assetFailure } from '../errors/asset-failure.ts';
import { InsituError } from '../errors/insitu-error.ts';
import type { LoadEvent } from '../protocol/load-event.ts';
import { type Reply, fromErrorRecord } from '../protocol/reply.ts';
import type { CallControl, CallNotice, StartRequest, WorkerApi } from '../protocol/worker-api.ts';
import { type SpawnOptions, spawnWorker } from './spawn-worker.ts';

/** A worker, and the calls that wait for it. Every call settles, also when the worker dies. */
export interface Connection {
  readonly dead: boolean;
  /**
   * @param method Makes the call; `port` goes with it where the call can be aborted or listened to.
   * @throws InsituError what the worker answers, or why it died; the signal's reason when aborted.
   */
  call<T>(
    method: (api: Remote<WorkerApi>, port: MessagePort | undefined) => Promise<Reply<T>>,
    options?: { signal?: AbortSignal | undefined; onLoadEvent?: ((event: LoadEvent) => void) | undefined },
  ): Promise<T>;
  /** Ends the worker; calls that wait reject with the reason. */
  close(reason: InsituError): void;
}

export function openConnection(spawn: SpawnOptions, start: StartRequest): Connection {
  const { worker, url } = spawnWorker(spawn);
  const api = wrap<WorkerApi>(worker);
  const pending = new Set<(reason: unknown) => void>();
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

  const call: Connection['call'] = async (method, { signal, onLoadEvent } = {}) => {
    signal?.throwIfAborted();
    const channel = signal || onLoadEvent ? new MessageChannel() : undefined;
    const ended = channel && listen(channel.port1, onLoadEvent);
    const abort = () => channel?.port1.postMessage({ type: 'abort' } satisfies CallControl);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      const answer = method(api, channel && transfer(channel.port2, [channel.port2]));
      const reply = await abortable(settle(onLoadEvent ? answer.finally(() => ended) : answer), signal);
      if (!reply.ok) throw fromErrorRecord(reply.error);
      return reply.value;
    } catch (error) {
      throw error instanceof DOMException && error.name === 'DataCloneError' ? notCloneable(error) : error;
    } finally {
      signal?.removeEventListener('abort', abort);
      channel?.port1.close();
    }
  };

  const connection: Connection = {
    get dead() {
      return death !== undefined;
    },
    call,
    close,
  };
  call((remote) => remote.start(start)).then(
    () => (started = true),
    (error) => close(error),
  );
  return connection;
}

/** Resolves when the worker has nothing more to tell about a call. */
function listen(port: MessagePort, onLoadEvent: ((event: LoadEvent) => void) | undefined): Promise<void> {
  return new Promise((resolve) => {
    port.onmessage = ({ data }: MessageEvent<CallNotice>) => {
      if (data.type === 'end') resolve();
      else onLoadEvent?.(data.event);
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
