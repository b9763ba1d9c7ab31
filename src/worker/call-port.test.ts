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
  const heard: CallNotice<string>[] = [];
  page.onmessage = ({ data }: MessageEvent<CallNotice<string>>) => heard.push(data);
  return { page, call: openCallPort<string>(worker), heard };
}

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
    call.notify('one');
    call.notify('two');
    call.close();
    call.notify('three');
    call.answered();
    await vi.waitFor(() => expect(heard).toHaveLength(3));
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([{ type: 'event', event: 'one' }, { type: 'event', event: 'two' }, { type: 'end' }]);
  });

  it('tells what comes after the answer too', async () => {
    const { call, heard } = createCall();
    call.notify('before');
    call.answered();
    call.notify('after');
    call.close();
    await vi.waitFor(() => expect(heard.at(-1)).toEqual({ type: 'end' }));
    expect(heard).toEqual([
      { type: 'event', event: 'before' },
      { type: 'answered' },
      { type: 'event', event: 'after' },
      { type: 'end' },
    ]);
  });

  it('can be aborted after its answer', async () => {
    const { page, call } = createCall();
    call.answered();
    page.postMessage({ type: 'abort' });
    await vi.waitFor(() => expect(call.signal.aborted).toBe(true));
  });

  it('does nothing where the page does not listen, and never aborts', () => {
    const call = openCallPort<string>(undefined);
    call.notify('event');
    call.answered();
    call.close();
    expect(call.signal.aborted).toBe(false);
  });
});
