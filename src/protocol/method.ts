import type { Reply } from './reply.ts';

/** The worker's end of one call. */
export interface CallPort<Event = never> {
  /** Aborts when the page does. */
  readonly signal: AbortSignal;
  /** Tells the page something beside the answer. */
  notify(event: Event, toBeTaken?: 'to-be-taken'): void;
  /** Resolves when the page has taken most of the events that it has to take: those with a piece of a result. */
  keptUp(): Promise<void>;
  /** There may be more to tell after the answer, until this settles. */
  lasts(until: Promise<unknown>): void;
  /** What of the answer changes threads without a copy. */
  readonly transfer: Transferable[];
}

/** A method of a worker. It never rejects: a rejection would lose the error's code. */
export type Method<Argument, Result, Event = never> = (
  argument: Argument,
  port: CallPort<Event>,
) => Promise<Reply<Result>>;

export type ArgumentOf<M> = M extends (argument: infer Argument, ...rest: never[]) => unknown ? Argument : never;
export type ResultOf<M> = M extends (...given: never[]) => Promise<Reply<infer Result>> ? Result : never;
export type EventOf<M> = M extends (argument: never, port: CallPort<infer Event>) => unknown ? Event : never;
