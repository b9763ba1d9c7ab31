import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { abortable } from './abort.ts';

const never = () => new Promise<never>(() => {});

describe('abortable', () => {
  it('follows the promise while nothing aborts', async () => {
    const { signal } = new AbortController();
    await expect(abortable(Promise.resolve('value'), signal)).resolves.toBe('value');
    await expect(abortable(Promise.reject(new Error('own')), signal)).rejects.toThrow('own');
  });

  it('rejects with the very reason of the signal', async () => {
    const reason = { any: 'value' };
    const controller = new AbortController();
    const result = abortable(never(), controller.signal);
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
  });

  it('rejects when the signal had aborted before, also where the promise is settled', async () => {
    await expect(abortable(never(), AbortSignal.abort('before'))).rejects.toBe('before');
    await expect(abortable(Promise.resolve('value'), AbortSignal.abort('before'))).rejects.toBe('before');
  });

  it('does not leave the later failure of an aborted promise unhandled', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      const controller = new AbortController();
      let fail: (error: Error) => void = () => {};
      const result = abortable(new Promise<never>((_, reject) => (fail = reject)), controller.signal);
      controller.abort('enough');
      await expect(result).rejects.toBe('enough');
      fail(new Error('too late'));
      // Node reports unhandled rejections before the next turn of its loop.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('unhandledRejection', note);
    }
    expect(unhandled).toEqual([]);
  });

  it('stops listening when the promise settles: a signal may outlive a thousand calls', async () => {
    const { signal } = new AbortController();
    const pending = abortable(never(), signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await Promise.allSettled([abortable(Promise.resolve(), signal), abortable(Promise.reject(new Error()), signal)]);
    await Promise.resolve();
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    void pending;
  });

  it('gives back the same promise where there is no signal', () => {
    const promise = Promise.resolve();
    expect(abortable(promise, undefined)).toBe(promise);
  });
});
