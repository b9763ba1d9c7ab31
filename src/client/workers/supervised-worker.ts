import { InsituError } from '../../errors/insitu-error.ts';
import { type Connection, crashed, openConnection } from './connection.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createLifeLock } from './life-lock.ts';
import type { SpawnedWorker } from './spawn-worker.ts';

/**
 * `starting`: its script is on its way. `ready`: nobody waits for it. `busy`: it has calls to answer. `draining`: it takes no more
 * calls and ends when it has answered. `dead`: it has ended, for whatever reason.
 */
export type WorkerState = 'starting' | 'ready' | 'busy' | 'draining' | 'dead';

/** A worker whose end is noticed, however it comes. */
export interface SupervisedWorker<Api> extends Pick<Connection<Api>, 'death' | 'waiting' | 'send' | 'call'> {
  readonly state: WorkerState;
  /** Takes no more work, and ends when everything is answered. Resolves when its memory is gone. */
  drain(reason: InsituError): Promise<void>;
  /** Ends it; calls that wait reject with the reason. Resolves when its memory is gone. */
  close(reason: InsituError): Promise<void>;
}

export interface Supervision<Api> {
  /** First call; if it fails, so does the worker. */
  begin?(worker: Connection<Api>): Promise<unknown>;
  /** Milliseconds of silence after which a worker with calls counts as hung; `false`: never. */
  hangTimeout: number | false;
  onState?(state: WorkerState): void;
  onDeath?(reason: InsituError): void;
}

export function superviseWorker<Api>(
  spawned: SpawnedWorker,
  { begin, hangTimeout, onState, onDeath }: Supervision<Api>,
): SupervisedWorker<Api> {
  let starting = true;
  let draining = false;
  let told: WorkerState = 'starting';

  const stateNow = (): WorkerState => {
    if (connection.death) return 'dead';
    if (draining) return 'draining';
    if (starting) return 'starting';
    return connection.waiting > 0 ? 'busy' : 'ready';
  };
  const tell = () => {
    const state = stateNow();
    if (state === told) return;
    told = state;
    onState?.(state);
  };

  const lock = createLifeLock(() => connection.close(crashed('The worker ended without a word.')));
  const heartbeat =
    hangTimeout !== false && Number.isFinite(hangTimeout)
      ? startHeartbeat({
          timeout: hangTimeout,
          awaited: () => connection.waiting > 0,
          ping: () => connection.post({ type: 'ping' }),
          silent: () => connection.close(unresponsive(hangTimeout)),
        })
      : undefined;

  const connection = openConnection<Api>(spawned, {
    onSign: () => heartbeat?.sign(),
    onHeld: () => lock.watch(),
    onTraffic: tell,
    onDeath(reason) {
      heartbeat?.stop();
      tell();
      onDeath?.(reason);
    },
  });
  if (lock.name) connection.post({ type: 'hold', lock: lock.name });
  const begun = () => {
    starting = false;
    tell();
  };
  if (begin) begin(connection).then(begun, connection.close);
  else begun();

  const close = (reason: InsituError): Promise<void> => {
    connection.close(reason);
    return lock.gone();
  };
  return {
    get death() {
      return connection.death;
    },
    get waiting() {
      return connection.waiting;
    },
    get state() {
      return stateNow();
    },
    send: connection.send,
    call: connection.call,
    async drain(reason) {
      draining = true;
      tell();
      // An aborted call may still have something to store.
      await connection.idle();
      await close(reason);
    },
    close,
  };
}

function unresponsive(timeout: number): InsituError {
  return new InsituError('WORKER_UNRESPONSIVE', `The worker has said nothing for ${timeout / 1000} s, and was ended.`, {
    hint: 'Call again: a fresh worker takes its place. If one step of the model takes that long, raise `hangTimeout` of `createClient`.',
    retryable: true,
  });
}
