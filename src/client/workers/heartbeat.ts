/** Notices a worker that does not say anything any more. */
export interface Heartbeat {
  /** It has said something. */
  sign(): void;
  stop(): void;
}

export interface HeartbeatOptions {
  /** Longest silence, in milliseconds. */
  timeout: number;
  /** Whether anybody waits for the worker. */
  awaited(): boolean;
  /** Asks for a sign of life. A worker answers between two steps of its work, not within one. */
  ping(): void;
  silent(): void;
}

const longestIntervalMs = 5000;
const shortestIntervalMs = 20;

/**
 * Counts the silence while somebody waits. Only time in which the page itself was awake counts: a hidden page's timers are
 * throttled and a frozen page's stand still, and so may its workers.
 */
export function startHeartbeat({ timeout, awaited, ping, silent }: HeartbeatOptions): Heartbeat {
  const interval = Math.max(shortestIntervalMs, Math.min(timeout / 8, longestIntervalMs));
  let silence = 0;
  /** Nothing was said since the last tick, and somebody waited. */
  let quiet = false;
  let lastTick = performance.now();

  const restart = () => {
    silence = 0;
    quiet = false;
  };
  const tick = () => {
    const now = performance.now();
    const elapsed = now - lastTick;
    lastTick = now;
    if (!awaited() || globalThis.document?.visibilityState === 'hidden') return restart();
    // A late tick is the page's own silence.
    if (quiet) silence += Math.min(elapsed, 2 * interval);
    quiet = true;
    if (silence >= timeout) silent();
    else ping();
  };

  const timer = setInterval(tick, interval);
  return {
    sign: restart,
    stop: () => clearInterval(timer),
  };
}
