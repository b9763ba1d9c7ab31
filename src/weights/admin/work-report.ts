import type { WorkProgress } from '../../protocol/weights-api.ts';

const intervalMs = 50;

/** Counts the bytes of a piece of work and reports them, at most 20 times a second and at the end. */
export function createWorkReport(
  total: number,
  report: (progress: WorkProgress) => void,
  now: () => number = () => performance.now(),
): { add(bytes: number): void } {
  let loaded = 0;
  let reportedAt = -Infinity;
  return {
    add(bytes) {
      loaded += bytes;
      if (loaded < total && now() - reportedAt < intervalMs) return;
      reportedAt = now();
      report({ loaded, total, progress: total > 0 ? loaded / total : 1 });
    },
  };
}
