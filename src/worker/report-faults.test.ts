import { describe, expect, it, vi } from 'vitest';
import { watchCspViolations } from '../errors/csp-violations.ts';
import { InsituError } from '../errors/insitu-error.ts';
import { isWorkerMessage } from '../protocol/messages.ts';
import { fromErrorRecord } from '../protocol/reply.ts';
import { reportFaults } from './answer-calls.ts';
import { createApi, createPage } from './test-worker.conformance.ts';

/** What the page hears of a rejection that nobody handles. */
async function faultOf(reason: unknown) {
  const { channel, heard } = createPage(createApi());
  const listen = vi.fn<Parameters<typeof reportFaults>[0]['addEventListener']>();
  reportFaults({ addEventListener: listen }, channel);
  expect(listen).toHaveBeenCalledExactlyOnceWith('unhandledrejection', expect.any(Function));
  expect(heard).toEqual([]);
  listen.mock.calls[0]![1]({ reason });
  await vi.waitFor(() => expect(heard).toMatchObject([{ type: 'fault' }]), { interval: 1 });
  expect(heard.every(isWorkerMessage)).toBe(true);
  const [fault] = heard;
  return fault?.type === 'fault' ? fromErrorRecord(fault.error) : undefined;
}

describe('a rejection that nobody handles', () => {
  it('is told to the page, with its trace', async () => {
    const reason = new TypeError('x is not a function');
    expect(await faultOf(reason)).toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('x is not a function'),
      cause: { name: 'TypeError', stack: reason.stack },
    });
  });

  it('keeps its code', async () => {
    const reason = new InsituError('OUT_OF_MEMORY', 'Too large.', { hint: 'Use less.' });
    expect(await faultOf(reason)).toMatchObject({ code: 'OUT_OF_MEMORY', message: 'Too large.', hint: 'Use less.' });
  });

  it.each([[undefined], [null], [88_214_320], [() => {}]])('may be of anything: %o', async (reason) => {
    expect(await faultOf(reason)).toMatchObject({ code: 'INTERNAL' });
  });

  it('says where a policy is the reason, and only there', async () => {
    watchCspViolations({ addEventListener: () => {} });
    const refused = new Error(
      "WebAssembly.compile(): violates the Content Security Policy: 'unsafe-eval' is not allowed",
    );
    expect(await faultOf(refused)).toMatchObject({
      code: 'CSP_BLOCKED',
      hint: expect.stringContaining('wasm-unsafe-eval'),
    });
    expect(await faultOf(new Error('something else'))).toMatchObject({ code: 'INTERNAL' });
  });
});
