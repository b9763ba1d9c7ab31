import { describe, expect, it, vi } from 'vitest';
import { InsituError } from '../../errors/insitu-error.ts';
import { createCountedWorker } from './counted-worker.ts';
import type { SupervisedWorker, WorkerState } from './supervised-worker.ts';

const reason = new InsituError('DISPOSED', 'closed by the test', { hint: 'Nothing.' });

/** A worker that says of itself what the test wants. */
function createWorker() {
  const worker = {
    state: 'ready' as WorkerState,
    death: undefined as InsituError | undefined,
    drain: vi.fn(async (_reason: InsituError) => {
      worker.state = 'draining';
    }),
    close: vi.fn(async (death: InsituError) => {
      worker.state = 'dead';
      worker.death = death;
    }),
  };
  return worker;
}

/** A counted worker, and all that it has opened. */
function createCounted() {
  const opened: ReturnType<typeof createWorker>[] = [];
  const open = vi.fn(() => {
    opened.push(createWorker());
    return opened.at(-1) as unknown as SupervisedWorker<unknown>;
  });
  return { counted: createCountedWorker<unknown>(open), opened, open };
}

describe('a counted worker', () => {
  it('starts with its first user, and serves all that join', () => {
    const { counted, open } = createCounted();
    expect(open).not.toHaveBeenCalled();
    expect(counted.join()).toBe(counted.join());
    expect(open).toHaveBeenCalledOnce();
  });

  it('stays while anybody uses it', () => {
    const { counted, opened } = createCounted();
    const worker = counted.join();
    counted.join();
    counted.leave(worker);
    expect(opened[0]!.drain).not.toHaveBeenCalled();
    counted.join();
    counted.leave(worker);
    expect(opened[0]!.drain, 'one came and one left').not.toHaveBeenCalled();
    counted.leave(worker);
    expect(opened[0]!.drain).toHaveBeenCalledOnce();
  });

  it('ends with its last user, once it has answered', () => {
    const { counted, opened } = createCounted();
    counted.leave(counted.join());
    expect(opened[0]!.drain).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'DISPOSED' }));
    expect(opened[0]!.close).not.toHaveBeenCalled();
  });

  it('is not joined again when it is about to end', () => {
    const { counted, opened } = createCounted();
    const ending = counted.join();
    counted.leave(ending);
    const next = counted.join();
    expect(next).not.toBe(ending);
    counted.leave(ending);
    expect(opened[1]!.drain, 'somebody left another one').not.toHaveBeenCalled();
    counted.leave(next);
    expect(opened[1]!.drain).toHaveBeenCalledOnce();
  });

  it('is replaced when it has died, and the users of that do not count', () => {
    const { counted, opened } = createCounted();
    const died = counted.join();
    counted.join();
    Object.assign(opened[0]!, { death: reason, state: 'dead' });
    const next = counted.join();
    expect(next).not.toBe(died);
    counted.leave(died);
    counted.leave(died);
    expect(opened[1]!.drain).not.toHaveBeenCalled();
    counted.leave(next);
    expect(opened.map(({ drain }) => drain.mock.calls.length)).toEqual([0, 1]);
  });

  it('closes at once for a reason, whoever uses it', async () => {
    const { counted, opened } = createCounted();
    await counted.close(reason);
    expect(opened).toEqual([]);
    counted.join();
    await counted.close(reason);
    expect(opened[0]!.close).toHaveBeenCalledExactlyOnceWith(reason);
    expect(opened[0]!.drain).not.toHaveBeenCalled();
  });
});
