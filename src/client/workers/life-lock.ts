/** A Web Lock that a worker holds as long as it lives: the one way to learn of a death that makes no event. */
export interface LifeLock {
  /** `undefined` where there are no locks. */
  readonly name: string | undefined;
  /** The worker holds it: waits for it from now on. */
  watch(): void;
  /** Resolves when the worker is gone, with the memory it had. Where that cannot be known, at once. */
  gone(): Promise<void>;
}

/** A worker that computes goes on for some time: Chromium gives it two seconds to come to an end before it is stopped. */
const patienceMs = 4000;

/** @param onGone The worker is gone, asked for or not. */
export function createLifeLock(onGone: () => void): LifeLock {
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  let granted: Promise<void> | undefined;
  return {
    name: locks && `insitu worker ${crypto.randomUUID()}`,
    watch() {
      granted = locks!.request(this.name!, onGone).catch(() => {});
    },
    async gone() {
      if (!granted) return;
      let timer: ReturnType<typeof setTimeout> | undefined;
      await Promise.race([granted, new Promise((resolve) => (timer = setTimeout(resolve, patienceMs)))]);
      clearTimeout(timer);
    },
  };
}
