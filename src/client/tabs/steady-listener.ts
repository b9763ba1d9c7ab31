import type { LoadEvent } from '../../protocol/load-event.ts';

/**
 * Makes one story of a load that began anew with another owner, or that others had begun before: sums never go backwards, `ready`
 * and `stored` come once, and after `ready` nothing is loaded any more.
 */
export function createSteadyListener(listener: ((event: LoadEvent) => void) | undefined): (event: LoadEvent) => void {
  const most = { loaded: 0, total: 0, progress: 0 };
  let ready = false;
  let stored = false;
  return (event) => {
    if (event.status === 'stored' || event.status === 'not-stored') {
      if (stored) return;
      stored = true;
    } else if (ready) {
      return;
    } else if (event.status === 'ready') {
      ready = true;
    }
    most.loaded = Math.max(most.loaded, event.loaded);
    most.total = Math.max(most.total, event.total);
    most.progress = Math.max(most.progress, event.progress);
    listener?.({ ...event, ...most });
  };
}
