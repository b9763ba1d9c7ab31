import type { ClientEvent } from './client-event.ts';

/** Takes what happens in a client. */
export type Observe = (event: ClientEvent) => void;

/**
 * Hands events to the application, to the console where that was asked for, and their times to the browser's performance timeline,
 * where tools show them on a track of their own.
 */
export function createObserver(onEvent: ((event: ClientEvent) => void) | undefined, debug: boolean): Observe {
  return (event) => {
    if (event.type === 'load' || event.type === 'run') measure(event);
    // oxlint-disable-next-line no-console -- The application asked for it.
    if (debug) console.debug('[insitu]', event.type, event);
    if (!onEvent) return;
    try {
      onEvent(event);
    } catch (error) {
      // A listener's mistake is the application's to see, and must not stop ours.
      reportError(error);
    }
  };
}

function measure(event: Extract<ClientEvent, { type: 'load' | 'run' }>): void {
  const { type, model, start, duration } = event;
  const name = `insitu:${type}`;
  const waited = event.type === 'run' ? event.waited : 0;
  const devtools = { dataType: 'track-entry', track: 'insitu', tooltipText: `${event.task} ${model}: ${event.status}` };
  const options = { start, end: start + duration, detail: { ...event, devtools } };
  performance.measure?.(name, options);
  if (waited > 0) performance.measure?.('insitu:wait', { ...options, end: start + waited });
  // Observers and tools have them; the timeline would keep them for ever.
  performance.clearMeasures?.(name);
  performance.clearMeasures?.('insitu:wait');
}
