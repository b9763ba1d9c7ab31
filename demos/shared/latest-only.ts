export interface LatestOnly<I> {
  /** Drops what still runs and runs this. */
  request(input: I): void;
  /** Drops what still runs. */
  cancel(): void;
}

/**
 * Runs one thing at a time, always the latest asked for: a new request aborts the one before it, and results that come too late
 * are dropped.
 */
export function createLatestOnly<I, O>(
  run: (input: I, signal: AbortSignal) => Promise<O>,
  settle: { done(output: O, input: I, milliseconds: number): void; failed(thrown: unknown, input: I): void },
): LatestOnly<I> {
  let current: AbortController | undefined;

  const cancel = (): void => {
    current?.abort();
    current = undefined;
  };

  return {
    cancel,
    request(input) {
      cancel();
      const controller = new AbortController();
      current = controller;
      const startedAt = performance.now();
      run(input, controller.signal).then(
        (output) => {
          if (current === controller) settle.done(output, input, performance.now() - startedAt);
        },
        (thrown: unknown) => {
          if (current === controller) settle.failed(thrown, input);
        },
      );
    },
  };
}
