import { expect, it, vi } from 'vitest';
import { createFakeOrigin } from './fake-tabs.conformance.ts';
import { takeLock } from './take-lock.ts';
import { until } from './test-tabs.conformance.ts';

it('a lock is kept until it is released, and the next in line has it then', async () => {
  const origin = createFakeOrigin();
  const [one, other] = [origin.openTab().connections().locks, origin.openTab().connections().locks];
  const release = await takeLock(one, 'owner');
  let granted = false;
  const next = takeLock(other, 'owner').finally(() => (granted = true));
  await Promise.resolve();
  expect([granted, origin.heldLocks()]).toEqual([false, ['owner']]);
  release();
  (await next)();
  await until(() => origin.heldLocks().length === 0);
});

it('the waiting ends with the reason of an abort', async () => {
  const { locks } = createFakeOrigin().openTab().connections();
  const release = await takeLock(locks, 'owner');
  const controller = new AbortController();
  const waiting = takeLock(locks, 'owner', { signal: controller.signal });
  controller.abort('enough');
  await expect(waiting).rejects.toBe('enough');
  release();
});

it('who loses a lock to another is told so, once', async () => {
  const { locks } = createFakeOrigin().openTab().connections();
  const onStolen = vi.fn();
  await takeLock(locks, 'owner', { onStolen });
  const release = await takeLock(locks, 'owner', { steal: true });
  await until(() => onStolen.mock.calls.length > 0);
  release();
  expect(onStolen).toHaveBeenCalledOnce();
});

it('what was released before it was taken is no loss', async () => {
  let steal = () => {};
  const request = (_: string, __: LockOptions, hold: () => unknown) => {
    hold();
    return new Promise((_resolve, reject) => (steal = () => reject(new DOMException('stolen', 'AbortError'))));
  };
  const onStolen = vi.fn();
  const release = await takeLock({ request } as unknown as LockManager, 'owner', { onStolen });
  release();
  steal();
  await new Promise((resolve) => setImmediate(resolve));
  expect(onStolen).not.toHaveBeenCalled();
});

it('a refusal is a rejection', async () => {
  const refusal = new DOMException('denied', 'SecurityError');
  const request = () => Promise.reject(refusal);
  await expect(takeLock({ request } as unknown as LockManager, 'owner')).rejects.toBe(refusal);
});
