import { describe, expect, it, vi } from 'vitest';
import { createQueue } from './queue.ts';

const { signal } = new AbortController();

/** A job that ends when the test says so. */
function createJob<T>(value: T) {
  let end = () => {};
  const job = vi.fn(() => new Promise<T>((resolve) => (end = () => resolve(value))));
  return { job, end: () => end() };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('createQueue', () => {
  it('runs one job at a time, in the order they came', async () => {
    const queue = createQueue();
    const [first, second, third] = [createJob(1), createJob(2), createJob(3)];
    const results = Promise.all([first, second, third].map(({ job }) => queue.add(signal, job)));
    await turns();
    expect([first, second, third].map(({ job }) => job.mock.calls.length)).toEqual([1, 0, 0]);
    first.end();
    await turns();
    expect([second, third].map(({ job }) => job.mock.calls.length)).toEqual([1, 0]);
    second.end();
    await turns();
    third.end();
    expect(await results).toEqual([1, 2, 3]);
  });

  it('goes on after a job that failed, also one that failed at once', async () => {
    const queue = createQueue();
    const results = Promise.allSettled([
      queue.add(signal, () => Promise.reject(new Error('rejected'))),
      queue.add(signal, () => {
        throw new Error('thrown');
      }),
      queue.add(signal, async () => 'fine'),
    ]);
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('does not start a job that was aborted while it waited, and goes on with the next', async () => {
    const queue = createQueue();
    const first = createJob(1);
    const aborted = vi.fn(async () => 2);
    const controller = new AbortController();
    const running = queue.add(signal, first.job);
    const waiting = queue.add(controller.signal, aborted);
    const next = queue.add(signal, async () => 3);
    await turns();
    controller.abort('enough');
    first.end();
    await expect(waiting).rejects.toBe('enough');
    expect(aborted).not.toHaveBeenCalled();
    expect(await Promise.all([running, next])).toEqual([1, 3]);
  });

  it('does not interrupt a job that runs: it has the signal itself', async () => {
    const controller = new AbortController();
    const { job, end } = createJob('done');
    const running = createQueue().add(controller.signal, job);
    await turns();
    controller.abort();
    end();
    expect(await running).toBe('done');
  });
});
