import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const chunkSize = 64 * 1024;

/** How often a throttled body goes on, per second. */
const throttleRate = 20;

export interface SendOptions {
  /** Aborted when the client goes away. */
  gone: AbortSignal;
  bytesPerSecond: number | undefined;
  /** Where to stop, and when to go on. */
  stall: { after: number; until: AbortSignal } | undefined;
  /** Called with what was handed to the connection, before the client can have it. */
  onWritten(count: number): void;
}

/**
 * Writes a body no faster than the client takes it, and stops when it goes away. Does not end the response.
 */
export async function sendBody(response: ServerResponse, bytes: Buffer, options: SendOptions): Promise<void> {
  const { gone, bytesPerSecond, stall, onWritten } = options;
  const largest = bytesPerSecond ? Math.min(chunkSize, Math.ceil(bytesPerSecond / throttleRate)) : chunkSize;
  const stallAt = Math.min(stall?.after ?? Infinity, bytes.length);
  const started = performance.now();
  response.flushHeaders();
  for (let position = 0; ;) {
    if (stall && position === stallAt) await aborted(stall.until, gone);
    if (gone.aborted || position === bytes.length) return;
    const end = Math.min(position + largest, position < stallAt ? stallAt : bytes.length);
    const chunk = bytes.subarray(position, end);
    onWritten(chunk.length);
    await write(response, chunk, gone);
    position = end;
    if (bytesPerSecond) {
      const due = started + (position / bytesPerSecond) * 1000;
      await delay(Math.max(0, due - performance.now()), undefined, { signal: gone }).catch(() => {});
    }
  }
}

/** Resolves when one of the signals is aborted. */
export async function aborted(...signals: AbortSignal[]): Promise<void> {
  if (signals.some((signal) => signal.aborted)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    };
    for (const signal of signals) signal.addEventListener('abort', done);
  });
}

async function write(response: ServerResponse, chunk: Buffer, gone: AbortSignal): Promise<void> {
  const flushed = new AbortController();
  response.write(chunk, () => flushed.abort());
  await aborted(flushed.signal, gone);
}
