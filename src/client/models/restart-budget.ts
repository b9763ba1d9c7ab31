import { abortable } from '../../errors/abort.ts';
import { InsituError } from '../../errors/insitu-error.ts';

/** How often a model may take its worker with it. */
export interface RestartBudget {
  /** The worker died while it did something for this model. */
  died(reason: InsituError): void;
  /** The model has answered: what was before does not count any more. */
  succeeded(): void;
  /**
   * Resolves when a worker may be started for the model: at once after the first death, later and later after others.
   *
   * @param ended Ends the wait.
   * @throws InsituError `WORKER_CRASHED`, not retryable, when there were too many; the signal's reason.
   */
  admit(ended?: AbortSignal): Promise<void>;
}

const mostDeaths = 5;
const firstPauseMs = 250;

export function createRestartBudget(reference: string): RestartBudget {
  let deaths = 0;
  let last: InsituError | undefined;
  let until = 0;
  return {
    died(reason) {
      deaths++;
      last = reason;
      // 0, 250, 500, 1000 ms.
      const pause = deaths === 1 ? 0 : firstPauseMs * 2 ** (deaths - 2);
      until = performance.now() + pause;
    },
    succeeded() {
      deaths = 0;
    },
    async admit(ended) {
      if (deaths >= mostDeaths) throw exhausted(reference, last);
      const pause = until - performance.now();
      if (deaths > 0 && pause > 0) await abortable(new Promise((resolve) => setTimeout(resolve, pause)), ended);
    },
  };
}

function exhausted(reference: string, cause: InsituError | undefined): InsituError {
  return new InsituError(
    'WORKER_CRASHED',
    `The worker of ${reference} died ${mostDeaths} times in a row; it is not started again.`,
    { hint: 'See the cause. To try once more, load the model anew with `pipeline()`.', cause },
  );
}
