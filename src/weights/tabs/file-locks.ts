/** Locks that hold in all tabs of a page's origin, and fall with the tab or worker that holds them. */
export interface FileLocks {
  /**
   * Runs a job while nobody else runs one of that name.
   *
   * @param signal Stops the waiting; a job that runs has to watch it itself.
   * @param impatient When it aborts, the job runs without the lock: whoever holds it seems to be frozen.
   */
  exclusive<T>(name: string, signal: AbortSignal, impatient: AbortSignal, job: () => Promise<T>): Promise<T>;
  /** Marks a name as used until the returned function is called. Any number may use it. */
  share(name: string): () => void;
  /** Runs a job if nobody uses the name or runs a job of it; `undefined` if somebody does. */
  ifUnused<T>(name: string, job: () => Promise<T>): Promise<T | undefined>;
  /** Names that are used now, in any tab. */
  used(): Promise<ReadonlySet<string>>;
}

const prefix = 'insitu ';

/** @param manager `navigator.locks`. It exists in secure contexts only: without it the locks hold in this thread alone. */
export function createFileLocks(manager: LockManager | null = globalThis.navigator?.locks ?? null): FileLocks {
  return manager ? createWebLocks(manager) : createLocalLocks();
}

function createWebLocks(manager: LockManager): FileLocks {
  return {
    async exclusive(name, signal, impatient, job) {
      let started = false;
      const start = () => {
        started = true;
        return job();
      };
      try {
        return await manager.request(prefix + name, { signal: AbortSignal.any([signal, impatient]) }, start);
      } catch (error) {
        if (!started && impatient.aborted && !signal.aborted) return job();
        throw error;
      }
    },
    share(name) {
      let release = () => {};
      const gone = new AbortController();
      const held = new Promise<void>((resolve) => (release = resolve));
      manager
        .request(prefix + name, { mode: 'shared', signal: gone.signal }, () => held)
        // Released before it was granted.
        .catch(() => {});
      return () => {
        gone.abort();
        release();
      };
    },
    ifUnused: (name, job) =>
      manager.request(prefix + name, { ifAvailable: true }, (lock) => (lock ? job() : Promise.resolve(undefined))),
    async used() {
      const { held = [] } = await manager.query();
      const own = held.map(({ name = '' }) => name).filter((name) => name.startsWith(prefix));
      return new Set(own.map((name) => name.slice(prefix.length)));
    },
  };
}

function createLocalLocks(): FileLocks {
  const tails = new Map<string, Promise<unknown>>();
  const users = new Map<string, Set<symbol>>();
  const exclusive: FileLocks['exclusive'] = async (name, signal, impatient, job) => {
    const before = tails.get(name) ?? Promise.resolve();
    const turn = Promise.race([before, aborted(signal), aborted(impatient)]).then(() => {
      signal.throwIfAborted();
      return job();
    });
    const tail = Promise.allSettled([before, turn]);
    tails.set(name, tail);
    void tail.then(() => tails.get(name) === tail && tails.delete(name));
    return turn;
  };
  return {
    exclusive,
    share(name) {
      const user = Symbol(name);
      users.set(name, (users.get(name) ?? new Set()).add(user));
      return () => {
        users.get(name)?.delete(user);
        if (users.get(name)?.size === 0) users.delete(name);
      };
    },
    async ifUnused(name, job) {
      if (users.has(name) || tails.has(name)) return undefined;
      const { signal: never } = new AbortController();
      return exclusive(name, never, never, job);
    },
    used: async () => new Set([...users.keys(), ...tails.keys()]),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
