/** What the network of the workers is like; see `public/break-it/saboteur.js`. */
export type Network = 'sound' | 'off' | 'halved';

/** A worker of the library, as a page can get at it from outside. */
export interface WatchedWorker {
  /** Counts from 1 on this page. */
  readonly number: number;
  /** Ends it without a word. */
  terminate(): void;
  /** Lets it throw an exception that nobody catches. */
  throwInside(): void;
}

export interface WorkerWatch {
  /** Workers that were started so far. */
  readonly count: number;
  find(number: number): WatchedWorker | undefined;
  /** For all workers, also for those that come. */
  setNetwork(network: Network): void;
}

/** Address of this page's worker, behind which the library's own file stands. */
export const workerUrl = new URL('./worker.js', location.href).href;

/**
 * Wraps the constructor `Worker`, so that the page can do to the library's workers what a browser, a bug or an extension may do: the
 * library itself hands none of them out.
 *
 * @param onStart Called with the number of each worker that starts.
 */
export function watchWorkers(onStart: (number: number) => void): WorkerWatch {
  const workers: Worker[] = [];
  let network: Network = 'sound';

  globalThis.Worker = new Proxy(globalThis.Worker, {
    construct(target, values: ConstructorParameters<typeof Worker>) {
      const worker = new target(...values);
      if (String(values[0]) !== workerUrl) return worker;
      if (network !== 'sound') worker.postMessage({ sabotage: network });
      workers.push(worker);
      onStart(workers.length);
      return worker;
    },
  });

  return {
    get count() {
      return workers.length;
    },
    find(number) {
      const worker = workers[number - 1];
      return (
        worker && {
          number,
          terminate: () => worker.terminate(),
          throwInside: () => worker.postMessage({ sabotage: 'throw' }),
        }
      );
    },
    setNetwork(next) {
      network = next;
      for (const worker of workers) worker.postMessage({ sabotage: next });
    },
  };
}
