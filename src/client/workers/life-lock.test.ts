import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLifeLock } from './life-lock.ts';

/** Locks of which the test says when they are granted, or refused. */
function createLocks() {
  const asked: { name: string; grant(): void; refuse(reason: unknown): void }[] = [];
  const request = (name: string, granted: () => void) =>
    new Promise<void>((resolve, reject) => {
      asked.push({ name, grant: () => resolve(granted()), refuse: reject });
    });
  return { asked, request };
}

let locks: ReturnType<typeof createLocks>;

beforeEach(() => {
  locks = createLocks();
  vi.stubGlobal('navigator', { locks });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Whether it has settled by now. */
const isSettled = async (promise: Promise<unknown>) => {
  const settled = vi.fn();
  promise.then(settled, settled);
  await new Promise((resolve) => setImmediate(resolve));
  return settled.mock.calls.length > 0;
};

describe('a life lock', () => {
  it('has a name of its own', () => {
    const [one, other] = [createLifeLock(() => {}), createLifeLock(() => {})];
    expect(one.name).toMatch(/^insitu worker /);
    expect(one.name).not.toBe(other.name);
  });

  it('is not asked for before the worker has it', () => {
    const lock = createLifeLock(() => {});
    expect(locks.asked).toEqual([]);
    lock.watch();
    expect(locks.asked.map(({ name }) => name)).toEqual([lock.name]);
  });

  it('tells of the death when it falls to the page', () => {
    const died = vi.fn();
    createLifeLock(died).watch();
    expect(died).not.toHaveBeenCalled();
    locks.asked[0]!.grant();
    expect(died).toHaveBeenCalledOnce();
  });

  it('that is refused tells of no death', async () => {
    const died = vi.fn();
    const lock = createLifeLock(died);
    lock.watch();
    locks.asked[0]!.refuse(new DOMException('The document is not active.', 'InvalidStateError'));
    await lock.gone();
    expect(died).not.toHaveBeenCalled();
  });
});

describe('the end of a worker', () => {
  it('is known when its lock falls to the page', async () => {
    const lock = createLifeLock(() => {});
    lock.watch();
    const gone = lock.gone();
    expect(await isSettled(gone)).toBe(false);
    locks.asked[0]!.grant();
    await gone;
    await lock.gone();
  });

  it('is not waited for where the worker has no lock', async () => {
    await createLifeLock(() => {}).gone();
  });

  it('is not waited for longer than four seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const lock = createLifeLock(() => {});
    lock.watch();
    const gone = lock.gone();
    await vi.advanceTimersByTimeAsync(3999);
    expect(await isSettled(gone)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await gone;
    locks.asked[0]!.grant();
    await lock.gone();
    expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  });
});

describe('where there are no locks', () => {
  it.each([
    ['outside of secure contexts', {}],
    ['where there is no navigator', undefined],
  ])('there is no name, and an end is not waited for: %s', async (_, navigator) => {
    expect(createLifeLock(() => {}).name, 'the control').toBeDefined();
    vi.stubGlobal('navigator', navigator);
    const lock = createLifeLock(() => {});
    expect(lock.name).toBeUndefined();
    await lock.gone();
  });
});
