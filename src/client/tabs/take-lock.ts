export interface TakeLockOptions {
  /** Ends the waiting. */
  signal?: AbortSignal;
  /** Takes it from whoever holds it. */
  steal?: boolean;
  /** Somebody took it from us. */
  onStolen?(): void;
}

/**
 * Waits for a Web Lock, and keeps it until the returned function is called or the tab is gone.
 *
 * @throws the signal's reason; a `DOMException` where locks are refused.
 */
export function takeLock(
  locks: LockManager,
  name: string,
  { signal, steal, onStolen }: TakeLockOptions = {},
): Promise<() => void> {
  return new Promise((resolve, reject) => {
    let held = false;
    let released = false;
    const hold = () =>
      new Promise<void>((release) => {
        held = true;
        resolve(() => {
          released = true;
          release();
        });
      });
    // A request that steals may have no signal.
    locks.request(name, steal ? { steal } : { ...(signal && { signal }) }, hold).catch((error: unknown) => {
      if (!held) reject(error);
      else if (!released) onStolen?.();
    });
  });
}
