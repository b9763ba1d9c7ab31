import { describe, expect, it } from 'vitest';
import type { FileLocks } from './file-locks.ts';

const never = () => new AbortController().signal;

function createGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), opened };
}

/**
 * What locks must do, those of the browser and those of one thread alone.
 *
 * @param createTabs Makes the locks of two tabs that share them.
 */
export function testFileLocks(name: string, createTabs: () => readonly [FileLocks, FileLocks]): void {
  /** A name that no other test has: the browser's locks are those of the whole origin. */
  let names = 0;
  const createName = () => `${name} ${Math.random()} ${++names}`;

  /** Holds a lock until it is told to end. */
  const hold = async (locks: FileLocks, lock: string) => {
    const begun = createGate();
    const end = createGate();
    const over = locks.exclusive(lock, never(), never(), async () => {
      begun.open();
      await end.opened;
    });
    await begun.opened;
    return {
      async end() {
        end.open();
        await over;
      },
    };
  };

  /** Waits until what was released is free in every tab. */
  const settle = (locks: FileLocks, lock: string) => locks.exclusive(lock, never(), never(), async () => {});

  describe(`${name}: a job that is exclusive`, () => {
    it('gives what it gives', async () => {
      const [locks] = createTabs();
      await expect(locks.exclusive(createName(), never(), never(), async () => 7)).resolves.toBe(7);
    });

    it('runs after those that came before, in their order, one at a time', async () => {
      const tabs = createTabs();
      const lock = createName();
      const steps: string[] = [];
      const job = (label: string) => async () => {
        steps.push(`${label} begins`);
        await Promise.resolve();
        steps.push(`${label} ends`);
      };
      await Promise.all(
        ['a', 'b', 'c', 'd'].map((label, index) =>
          tabs[index % 2 === 0 ? 0 : 1].exclusive(lock, never(), never(), job(label)),
        ),
      );
      expect(steps).toEqual(['a', 'b', 'c', 'd'].flatMap((label) => [`${label} begins`, `${label} ends`]));
    });

    it('does not wait for one of another name', async () => {
      const [locks, other] = createTabs();
      const held = await hold(locks, createName());
      await expect(other.exclusive(createName(), never(), never(), async () => 'done')).resolves.toBe('done');
      await held.end();
    });

    it('that fails does not keep the next one from running', async () => {
      const [locks, other] = createTabs();
      const lock = createName();
      const failing = locks.exclusive(lock, never(), never(), () => Promise.reject(new Error('failed')));
      const next = other.exclusive(lock, never(), never(), async () => 'done');
      await expect(failing).rejects.toThrow('failed');
      await expect(next).resolves.toBe('done');
    });
  });

  describe(`${name}: waiting`, () => {
    it.each(['before', 'while'])('is ended by an abort %s, with its reason, and the job does not run', async (when) => {
      const [locks, other] = createTabs();
      const lock = createName();
      const held = await hold(locks, lock);
      const controller = new AbortController();
      if (when === 'before') controller.abort('enough');
      let runs = 0;
      const waiting = other.exclusive(lock, controller.signal, never(), async () => runs++);
      const next = other.exclusive(lock, never(), never(), async () => 'done');
      controller.abort('enough');
      await expect(waiting).rejects.toBe('enough');
      await held.end();
      await expect(next).resolves.toBe('done');
      expect(runs).toBe(0);
    });

    it.each(['before', 'while'])('is ended by impatience %s: the job runs without the lock', async (when) => {
      const [locks, other] = createTabs();
      const lock = createName();
      const held = await hold(locks, lock);
      const impatient = new AbortController();
      if (when === 'before') impatient.abort();
      const waiting = other.exclusive(lock, never(), impatient.signal, async () => 'done');
      impatient.abort();
      await expect(waiting).resolves.toBe('done');
      await held.end();
      await expect(other.exclusive(lock, never(), never(), async () => 'next')).resolves.toBe('next');
    });

    it('is ended by an abort also where impatience came too', async () => {
      const [locks, other] = createTabs();
      const lock = createName();
      const held = await hold(locks, lock);
      const [controller, impatient] = [new AbortController(), new AbortController()];
      const waiting = other.exclusive(lock, controller.signal, impatient.signal, async () => 'done');
      controller.abort('enough');
      impatient.abort();
      await expect(waiting).rejects.toBe('enough');
      await held.end();
    });

    it('is over when the job runs: neither signal does anything then', async () => {
      const [locks] = createTabs();
      const [controller, impatient] = [new AbortController(), new AbortController()];
      let runs = 0;
      const job = async () => {
        runs++;
        impatient.abort();
        controller.abort('enough');
        await Promise.resolve();
        return 'done';
      };
      await expect(locks.exclusive(createName(), controller.signal, impatient.signal, job)).resolves.toBe('done');
      expect(runs).toBe(1);
    });

    it('that ended in impatience gives the failure of the job', async () => {
      const [locks, other] = createTabs();
      const lock = createName();
      const held = await hold(locks, lock);
      const job = () => Promise.reject(new Error('failed'));
      await expect(other.exclusive(lock, never(), AbortSignal.abort(), job)).rejects.toThrow('failed');
      await held.end();
    });
  });

  describe(`${name}: a name that is shared`, () => {
    it('is used until the last has released it, in any tab', async () => {
      const [locks, other] = createTabs();
      const lock = createName();
      const evict = () => locks.ifUnused(lock, async () => 'evicted');
      const [one, two] = [locks.share(lock), other.share(lock)];
      expect(await evict()).toBeUndefined();
      expect(await locks.used()).toContain(lock);
      one();
      expect(await evict()).toBeUndefined();
      two();
      await settle(locks, lock);
      expect(await evict()).toBe('evicted');
      expect(await other.used()).not.toContain(lock);
    });

    it('that is released twice is released once', async () => {
      const [locks, other] = createTabs();
      const lock = createName();
      const [one, two] = [locks.share(lock), other.share(lock)];
      one();
      one();
      expect(await other.ifUnused(lock, async () => 'evicted')).toBeUndefined();
      two();
      await settle(locks, lock);
      expect(await other.ifUnused(lock, async () => 'evicted')).toBe('evicted');
    });

    it('does not make another name used', async () => {
      const [locks] = createTabs();
      const lock = createName();
      const release = locks.share(lock);
      expect(await locks.ifUnused(`${lock}/`, async () => 'evicted')).toBe('evicted');
      release();
    });
  });

  describe(`${name}: a job for an unused name`, () => {
    it('does not run while another job of that name runs', async () => {
      const [locks, other] = createTabs();
      const lock = createName();
      const held = await hold(locks, lock);
      expect(await other.used()).toContain(lock);
      expect(await other.ifUnused(lock, async () => 'evicted')).toBeUndefined();
      await held.end();
      expect(await other.ifUnused(lock, async () => 'evicted')).toBe('evicted');
    });

    it('does not run twice at once, and nothing exclusive runs beside it', async () => {
      const [locks, other] = createTabs();
      const lock = createName();
      const { open, opened } = createGate();
      const first = locks.ifUnused(lock, () => opened.then(() => 'first'));
      expect(await other.ifUnused(lock, async () => 'second')).toBeUndefined();
      let over = false;
      const next = other.exclusive(lock, never(), never(), async () => over);
      over = true;
      open();
      expect(await first).toBe('first');
      expect(await next).toBe(true);
    });

    it('that fails frees the name', async () => {
      const [locks, other] = createTabs();
      const lock = createName();
      await expect(locks.ifUnused(lock, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
      expect(await other.ifUnused(lock, async () => 'next')).toBe('next');
    });
  });
}
