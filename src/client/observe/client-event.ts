import type { ErrorCode } from '../../errors/insitu-error.ts';
import type { Priority } from '../../protocol/priority.ts';
import type { WorkerState } from '../workers/supervised-worker.ts';
import type { AbortKind } from './run-tally.ts';

interface OfModel {
  task: string;
  /** As it was named. */
  model: string;
}

interface Span {
  /** When it began, by `performance.now()` of the page. */
  start: number;
  /** Milliseconds. */
  duration: number;
}

/** A worker changed its state. */
export interface WorkerClientEvent {
  type: 'worker';
  worker: number;
  state: WorkerState;
  /** Why it ended, if nobody asked for it. */
  code?: ErrorCode;
  message?: string;
}

/** A model was loaded into a worker, or failed to be. */
export interface LoadClientEvent extends OfModel, Span {
  type: 'load';
  worker: number;
  status: 'ok' | 'error' | 'aborted';
  /** Bytes of its files. */
  bytes: number;
  code?: ErrorCode;
  message?: string;
}

/** A run has ended. */
export interface RunClientEvent extends OfModel, Span {
  type: 'run';
  /** Absent if it reached none. */
  worker?: number;
  status: 'ok' | 'error' | 'aborted';
  priority: Priority;
  /** Milliseconds of `duration` before it reached a worker. */
  waited: number;
  /** How it was aborted. */
  abort?: AbortKind;
  code?: ErrorCode;
  message?: string;
}

/** A model left its workers to make room; its next call loads it again. */
export interface UnloadClientEvent extends OfModel {
  type: 'unload';
  /** Bytes of its files. */
  bytes: number;
  reason: 'budget' | 'out-of-memory';
}

/** Something in an isolated frame tried what it may not. */
export interface ViolationClientEvent {
  type: 'violation';
  /** E.g. `connect-src`, `indexedDB`, `message`. */
  what: string;
  detail: string;
}

/** This tab's part in a client that is shared by tabs. */
export interface TabClientEvent {
  type: 'tab';
  /** `owner`: its workers hold the models of all tabs. `guest`: those of another tab do. `alone`: tabs cannot share here. */
  role: 'owner' | 'guest' | 'alone';
}

/** What happens in a client: for logs, metrics and traces. Times are of the page's clock; add `performance.timeOrigin`. */
export type ClientEvent =
  | WorkerClientEvent
  | LoadClientEvent
  | RunClientEvent
  | UnloadClientEvent
  | ViolationClientEvent
  | TabClientEvent;
