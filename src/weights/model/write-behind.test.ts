import { describe, expect, it, vi } from 'vitest';
import { createMemoryStore } from './memory-store.ts';
import type { FileWriter, WeightStore } from './weight-store.ts';
import { createWriteBehind } from './write-behind.ts';

const part = (value: number) => Uint8Array.of(value);

/** A store that notes each step, and fails at those named. */
function createStore(...failing: string[]) {
  const steps: string[] = [];
  const step = async (name: string) => {
    steps.push(name);
    if (failing.includes(name)) throw new DOMException(`${name} failed`, 'QuotaExceededError');
  };
  const writer: FileWriter = {
    append: ([value]) => step(`append ${value}`),
    commit: () => step('commit'),
    abort: () => step('abort'),
  };
  const store: WeightStore = {
    ...createMemoryStore(),
    async write() {
      await step('write');
      return writer;
    },
  };
  return { store, steps };
}

describe('createWriteBehind', () => {
  it('does each step after the one before, without being waited for', async () => {
    const store = createMemoryStore();
    const file = createWriteBehind(store, 'key');
    file.append(part(1));
    file.append(part(2));
    file.commit();
    await file.settled();
    const found = await store.find('key');
    expect(typeof found === 'object' && [...(await found.bytes())]).toEqual([1, 2]);
  });

  it('does not touch the store before there is something to store', async () => {
    const { store, steps } = createStore();
    const file = createWriteBehind(store, 'key');
    file.abort();
    await file.settled();
    expect(steps).toEqual([]);
  });

  it('stores an empty file', async () => {
    const store = createMemoryStore();
    const file = createWriteBehind(store, 'key');
    file.commit();
    await file.settled();
    expect(await store.find('key')).toMatchObject({ size: 0 });
  });

  it('forgets what was written when the download fails', async () => {
    const { store, steps } = createStore();
    const file = createWriteBehind(store, 'key');
    file.append(part(1));
    await vi.waitFor(() => expect(steps).toEqual(['write', 'append 1']));
    file.append(part(2));
    file.abort();
    file.commit();
    await file.settled();
    expect(steps.at(-1)).toBe('abort');
    expect(steps).not.toContain('commit');
  });

  it.each(['write', 'append 1', 'append 2', 'commit', 'abort'])(
    'never throws, never rejects and never commits a file with a gap: %s fails',
    async (failing) => {
      const unhandled = vi.fn();
      process.on('unhandledRejection', unhandled);
      try {
        const { store, steps } = createStore(failing);
        const file = createWriteBehind(store, 'key');
        for (const value of [1, 2, 3]) file.append(part(value));
        if (failing === 'abort') file.abort();
        else file.commit();
        // Nobody waits for it while the load goes on.
        await new Promise((resolve) => setImmediate(resolve));
        await expect(file.settled()).resolves.toBeUndefined();
        expect(steps.includes('commit')).toBe(failing === 'commit');
      } finally {
        process.off('unhandledRejection', unhandled);
      }
      expect(unhandled).not.toHaveBeenCalled();
    },
  );

  it.each(['append 2', 'commit'])(
    'gives back the space of a file that could not be stored: %s fails',
    async (failing) => {
      const { store, steps } = createStore(failing);
      const file = createWriteBehind(store, 'key');
      for (const value of [1, 2, 3]) file.append(part(value));
      file.commit();
      await file.settled();
      expect(steps.at(-1)).toBe('abort');
    },
  );

  it('settles only after the last step', async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const steps: string[] = [];
    const store: WeightStore = {
      ...createMemoryStore(),
      async write() {
        await gate;
        return {
          append: async () => void steps.push('append'),
          commit: async () => void steps.push('commit'),
          abort: async () => void steps.push('abort'),
        };
      },
    };
    const file = createWriteBehind(store, 'key');
    file.append(part(1));
    file.commit();
    const settled = file.settled().then(() => steps.push('settled'));
    open();
    await settled;
    expect(steps).toEqual(['append', 'commit', 'settled']);
  });
});
