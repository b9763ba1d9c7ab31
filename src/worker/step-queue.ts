import { nextTask } from '../protocol/next-task.ts';
import { type Priority, priorities } from '../protocol/priority.ts';

/**
 * The runtime of a worker computes one thing at a time. A call takes its turn anew for each of its steps, so that a call of higher
 * priority waits for one step at most, and calls of equal priority go on side by side.
 */
export interface StepQueue {
  /** @throws The signal's reason as soon as it aborts before the step's turn. */
  run<T>(priority: Priority, signal: AbortSignal, step: () => Promise<T>): Promise<T>;
}

export function createStepQueue(): StepQueue {
  const waiting: Record<Priority, (() => void)[]> = { interactive: [], normal: [], background: [] };
  let busy = false;

  const turn = (line: (() => void)[], signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = () => {
        line.splice(line.indexOf(enter), 1);
        reject(signal.reason);
      };
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      line.push(enter);
    });
  const handOver = () => {
    const first = priorities.find((priority) => waiting[priority].length > 0);
    if (first) waiting[first].shift()!();
    else busy = false;
  };

  return {
    async run(priority, signal, step) {
      signal.throwIfAborted();
      const waits = busy;
      if (waits) await turn(waiting[priority], signal);
      busy = true;
      try {
        if (waits) {
          // The call before has its answer on the way first: this step may take long, and nothing leaves the worker meanwhile.
          await nextTask();
          signal.throwIfAborted();
        }
        return await step();
      } finally {
        handOver();
      }
    },
  };
}
