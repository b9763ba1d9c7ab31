import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CallNotice } from '../protocol/worker-api.ts';
import { openCallPort } from './call-port.ts';

const opened: MessagePort[] = [];
afterEach(() => {
  for (const port of opened.splice(0)) port.close();
});

/** Both ends of a call, and what the page has heard. */
function createCall() {
  const { port1: page, port2: worker } = new MessageChannel();
  opened.push(page, worker);
  const heard: CallNotice[] = [];
  page.onmessage = ({ data }: MessageEvent<CallNotice>) => heard.push(data);
  return { page, call: openCallPort(worker), heard };
}

const event = { status: 'initiate', file: 'config.json' } as never;

describe('openCallPort', () => {
  it('aborts when the page does', async () => {
    const { page, call } = createCall();
    expect(call.signal.aborted).toBe(false);
    page.postMessage({ type: 'abort' });
    await vi.waitFor(() => expect(call.signal.aborted).toBe(true));
  });

  it('takes no other message for an abort', async () => {
    const { page, call } = createCall();
    page.postMessage({ type: 'hello' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(call.signal.aborted).toBe(false);
  });

  it('tells the end after everything else, and nothing after the end', async () => {
    const { call, heard } = createCall();
    call.notify({ type: 'load-event', event });
    call.notify({ type: 'load-event', event });
    call.close();
    call.notify({ type: 'load-event', event });
    await vi.waitFor(() => expect(heard).toHaveLength(3));
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard.map(({ type }) => type)).toEqual(['load-event', 'load-event', 'end']);
  });

  it('does nothing where the page does not listen, and never aborts', () => {
    const call = openCallPort(undefined);
    call.notify({ type: 'load-event', event });
    call.close();
    expect(call.signal.aborted).toBe(false);
  });
});
