import { PassingFailure } from './answer.ts';

export interface RetryRules {
  /** How often something is tried again without any progress in between. */
  retries: number;
  /** First pause; each is twice the one before. */
  pauseMs: number;
  /** A server that wants a longer pause than this gets none: the caller should hear of it. */
  longestPauseMs: number;
  /** 0..1, for the jitter that keeps clients from coming back all at once. */
  random(): number;
}

const defaultRetryRules: RetryRules = { retries: 4, pauseMs: 250, longestPauseMs: 30_000, random: Math.random };

export interface Attempt {
  signal: AbortSignal;
  /** Tells that something was achieved, which makes the retries start over. */
  progressed(): void;
}

/**
 * Tries until it succeeds, fails for good, or has failed too often.
 *
 * @throws what the last attempt failed with; the signal's reason when aborted.
 */
export async function withRetries<T>(
  signal: AbortSignal,
  attempt: (attempt: Pick<Attempt, 'progressed'>) => Promise<T>,
  { retries, pauseMs, longestPauseMs, random }: RetryRules = defaultRetryRules,
): Promise<T> {
  for (let failures = 0; ;) {
    try {
      return await attempt({ progressed: () => (failures = 0) });
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof PassingFailure)) throw thrown;
      const wanted = thrown.waitMs ?? 0;
      if (failures >= retries || wanted > longestPauseMs || isOffline()) throw thrown.error;
      const backoff = pauseMs * 2 ** failures * (0.5 + random() / 2);
      failures++;
      await pause(Math.max(backoff, wanted), signal);
    }
  }
}

const isOffline = () => globalThis.navigator?.onLine === false;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
