import { InsituError } from '../../errors/insitu-error.ts';
import type { ModelWorker } from './worker-pool.ts';

const retirements = new WeakSet<object>();

/** Whether a call failed only because its worker was ended for another's sake: then it can be sent again. */
export const isRetirement = (error: unknown): boolean => retirements.has(error as object);

/** Ends a worker for the sake of one call; what others had in it is done again elsewhere. Resolves when its memory is gone. */
export function retire(worker: ModelWorker, cause: unknown): Promise<void> {
  const reason = new InsituError('WORKER_CRASHED', 'The worker was ended because of another call.', {
    hint: 'Call again.',
    retryable: true,
    cause,
  });
  retirements.add(reason);
  return worker.close(reason);
}
