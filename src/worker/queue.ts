/** Runs one job at a time, in the order they came. */
export interface Queue {
  /** A job whose signal has aborted by its turn is not started; it rejects with the signal's reason. */
  add<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T>;
}

export function createQueue(): Queue {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    add(signal, job) {
      const turn = tail.then(() => {
        signal.throwIfAborted();
        return job();
      });
      tail = turn.catch(() => {});
      return turn;
    },
  };
}
