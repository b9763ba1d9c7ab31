import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { crash } from '../workers/fake-model-worker.conformance.ts';
import { createRestartBudget } from './restart-budget.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Milliseconds until the next start is admitted. */
async function pauseOf(budget: ReturnType<typeof createRestartBudget>): Promise<number> {
  const begun = performance.now();
  let admittedAt: number | undefined;
  void budget.admit().then(() => (admittedAt = performance.now()));
  await vi.advanceTimersByTimeAsync(10_000);
  return Math.round(admittedAt! - begun);
}

function createDying(deaths: number) {
  const budget = createRestartBudget('org/name');
  for (let death = 0; death < deaths; death++) budget.died(crash());
  return budget;
}

describe('a restart', () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 250],
    [3, 500],
    [4, 1000],
  ])('after %i deaths in a row waits %i ms', async (deaths, pause) => {
    expect(await pauseOf(createDying(deaths))).toBe(pause);
  });

  it('does not wait longer than from the death on', async () => {
    const budget = createDying(4);
    await vi.advanceTimersByTimeAsync(400);
    expect(await pauseOf(budget)).toBe(600);
    expect(await pauseOf(budget)).toBe(0);
  });

  it('is refused after five deaths in a row, with the last one as the cause', async () => {
    const budget = createDying(4);
    await pauseOf(budget);
    const last = crash('once too often');
    budget.died(last);
    await expect(budget.admit()).rejects.toMatchObject({
      code: 'WORKER_CRASHED',
      message: expect.stringMatching(/org\/name died 5 times/),
      retryable: false,
      cause: last,
    });
  });

  it('stays refused, however long one waits', async () => {
    const budget = createDying(5);
    await vi.advanceTimersByTimeAsync(3_600_000);
    await expect(budget.admit()).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
  });

  it('forgets the deaths before an answer', async () => {
    const budget = createDying(4);
    budget.succeeded();
    expect(await pauseOf(budget)).toBe(0);
    budget.died(crash());
    expect(await pauseOf(budget)).toBe(0);
    budget.died(crash());
    expect(await pauseOf(budget)).toBe(250);
  });
});
