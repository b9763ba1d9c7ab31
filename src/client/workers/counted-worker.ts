import { disposed } from '../../errors/disposed.ts';
import type { InsituError } from '../../errors/insitu-error.ts';
import type { SupervisedWorker } from './supervised-worker.ts';

/** A worker that starts with its first user and ends with its last. */
export interface CountedWorker<Api> {
  /** Counts one user more. A worker that has ended, or is about to, is replaced. */
  join(): SupervisedWorker<Api>;
  leave(worker: SupervisedWorker<Api>): void;
  close(reason: InsituError): Promise<void>;
}

export function createCountedWorker<Api>(open: () => SupervisedWorker<Api>): CountedWorker<Api> {
  let worker: SupervisedWorker<Api> | undefined;
  let users = 0;
  return {
    join() {
      if (!worker || worker.death || worker.state === 'draining') {
        worker = open();
        users = 0;
      }
      users++;
      return worker;
    },
    leave(left) {
      if (left === worker && --users === 0) void left.drain(disposed('This worker has ended.'));
    },
    async close(reason) {
      await worker?.close(reason);
    },
  };
}
