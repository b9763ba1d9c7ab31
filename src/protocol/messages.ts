import type { ErrorRecord, Reply } from './reply.ts';

/**
 * What the page tells a worker. One channel carries everything, so that what was sent first arrives first: an event of a call
 * is never overtaken by its answer, nor a call by the wish to abort it.
 */
export type PageMessage =
  | { type: 'call'; call: number; method: string; argument: unknown }
  | { type: 'abort'; call: number }
  /** One more piece of a result was read; see `CallPort.keptUp`. */
  | { type: 'taken'; call: number }
  /** Asks for a sign of life. */
  | { type: 'ping' }
  /** Asks the worker to hold a Web Lock for as long as it lives: whoever gets the lock next knows that it died. */
  | { type: 'hold'; lock: string };

/** What a worker tells the page. */
export type WorkerMessage =
  | { type: 'event'; call: number; event: unknown }
  /** `more`: events may follow, and then `end`. */
  | { type: 'reply'; call: number; reply: Reply<unknown>; more: boolean }
  | { type: 'end'; call: number }
  | { type: 'pong' }
  | { type: 'held' }
  /** Something in an isolated worker tried what it may not: `what` is a directive of its policy, or the name of what it tried to use. */
  | { type: 'violation'; what: string; detail: string }
  /** Something failed in the worker outside of any call. */
  | { type: 'fault'; error: ErrorRecord };

/** Whether a message is one that a worker of insitu sends. */
export function isWorkerMessage(data: unknown): data is WorkerMessage {
  if (typeof data !== 'object' || data === null) return false;
  const { type, call, reply, error, what, detail } = data as Record<string, unknown>;
  if (type === 'pong' || type === 'held') return true;
  if (type === 'fault') return isRecord(error);
  if (type === 'violation') return typeof what === 'string' && typeof detail === 'string';
  if (typeof call !== 'number') return false;
  return type === 'event' || type === 'end' || (type === 'reply' && isReply(reply));
}

function isReply(reply: unknown): boolean {
  if (typeof reply !== 'object' || reply === null) return false;
  const { ok, error } = reply as Record<string, unknown>;
  return ok === true || (ok === false && isRecord(error));
}

function isRecord(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, hint } = error as Record<string, unknown>;
  return [code, message, hint].every((text) => typeof text === 'string');
}
