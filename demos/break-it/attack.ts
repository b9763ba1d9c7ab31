import type { Call, MadeCall } from './calls.ts';
import type { Embed, Target } from './target.ts';
import type { WatchedWorker, WorkerWatch } from './worker-watch.ts';

/** What an attack may use. */
export interface Arena extends Pick<Target, 'stored' | 'forget'> {
  /** Sends a run, which is counted and drawn. */
  embed(what: string, input: string | readonly string[], signal?: AbortSignal): MadeCall<unknown>;
  /** Sends a load, which is counted and drawn. */
  load(what: string, reference: string): MadeCall<Embed>;
  /** Runs something with a model that an attack has loaded. */
  ask(what: string, model: Embed): MadeCall<unknown>;
  /** The moment of the attack; the next call is sent right after it. Resolves when that one, or one after it, is answered. */
  strike(): Promise<void>;
  /** What the page has seen, for the account. */
  note(words: string): void;
  /** Resolves to the worker that has been at a run for a moment; `undefined` if the call settles before. */
  midRun(call: Call): Promise<WatchedWorker | undefined>;
  /** Kills all workers. Resolves when the library has noticed. */
  killAll(): Promise<void>;
  setNetwork: WorkerWatch['setNetwork'];
}

/** Its button, with its name and a line on it, stands in `attacks.html`. */
export interface Attack {
  readonly id: string;
  /** On the time axis. */
  readonly flag: string;
  /** What was done, for the account. */
  readonly story: string;
  /** It takes the network or the stored copy, of which there is one. */
  readonly takesFiles?: boolean;
  /** Resolves when all that it sent has settled. */
  run(arena: Arena): Promise<unknown>;
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One step of the model for minutes, on any machine, unless somebody ends it. */
export const endlessStep = 'slow '.repeat(480);

/** Some seconds of work in many short steps. */
export const longBatch = (texts: number): string[] => Array.from({ length: texts }, () => 'brief');
