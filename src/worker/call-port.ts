import type { CallControl, CallNotice } from '../protocol/worker-api.ts';

/** The worker's end of what flows beside a call. */
export interface CallPort {
  /** Aborts when the page does. */
  signal: AbortSignal;
  notify(notice: CallNotice): void;
  close(): void;
}

/** @param port `undefined` where the page will neither abort the call nor listen to it. */
export function openCallPort(port: MessagePort | undefined): CallPort {
  const controller = new AbortController();
  if (!port) return { signal: controller.signal, notify: () => {}, close: () => {} };
  port.onmessage = ({ data }: MessageEvent<CallControl>) => {
    if (data.type === 'abort') controller.abort();
  };
  return {
    signal: controller.signal,
    notify: (notice) => port.postMessage(notice),
    close() {
      port.postMessage({ type: 'end' } satisfies CallNotice);
      port.close();
    },
  };
}
