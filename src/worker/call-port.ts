import type { CallControl, CallNotice } from '../protocol/worker-api.ts';

/** The worker's end of what flows beside a call. */
export interface CallPort<Event> {
  /** Aborts when the page does. */
  signal: AbortSignal;
  notify(event: Event): void;
  /** Lets the call end, with more to tell about it afterwards. */
  answered(): void;
  close(): void;
}

/** @param port `undefined` where the page will neither abort the call nor listen to it. */
export function openCallPort<Event>(port: MessagePort | undefined): CallPort<Event> {
  const controller = new AbortController();
  if (!port) return { signal: controller.signal, notify: () => {}, answered: () => {}, close: () => {} };
  port.onmessage = ({ data }: MessageEvent<CallControl>) => {
    if (data.type === 'abort') controller.abort();
  };
  return {
    signal: controller.signal,
    notify: (event) => port.postMessage({ type: 'event', event } satisfies CallNotice<Event>),
    answered: () => port.postMessage({ type: 'answered' } satisfies CallNotice<Event>),
    close() {
      port.postMessage({ type: 'end' } satisfies CallNotice<Event>);
      port.close();
    },
  };
}
