import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PassingFailure } from './answer.ts';
import { type RetryRules, withRetries } from './retry.ts';

const rules: RetryRules = { retries: 3, pauseMs: 100, longestPauseMs: 30_000, random: () => 0.5 };
const live = () => new AbortController().signal;
const passing = (name: string, waitMs?: number) => new PassingFailure(new Error(name), waitMs);

/** Fails with these, one after the other, then succeeds. Notes when it was called. */
function createAttempt(...failures: unknown[]) {
  const times: number[] = [];
  const attempt = async () => {
    times.push(Date.now());
    if (failures.length > 0) throw failures.shift();
    return 'done';
  };
  return { attempt, times };
}

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Lets all pauses pass. */
async function settle<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [[result]] = await Promise.all([Promise.allSettled([promise]), vi.runAllTimersAsync()]);
  return result;
}

describe('withRetries', () => {
  it('gives what the first success gives, without a pause', async () => {
    const { attempt, times } = createAttempt();
    await expect(withRetries(live(), attempt, rules)).resolves.toBe('done');
    expect(times).toEqual([0]);
  });

  it('tries again after pauses that double', async () => {
    const { attempt, times } = createAttempt(passing('1'), passing('2'), passing('3'));
    expect(await settle(withRetries(live(), attempt, rules))).toMatchObject({ value: 'done' });
    expect(times).toEqual([0, 75, 75 + 150, 75 + 150 + 300]);
  });

  it.each([
    [0, 50],
    [1, 100],
  ])('spreads clients: with %d a pause of 100 ms takes %d', async (random, pause) => {
    const { attempt, times } = createAttempt(passing('1'));
    await settle(withRetries(live(), attempt, { ...rules, random: () => random }));
    expect(times).toEqual([0, pause]);
  });

  it('gives up with what failed last, not with its wrapping', async () => {
    const { attempt, times } = createAttempt(...['1', '2', '3', '4', '5'].map((name) => passing(name)));
    expect(await settle(withRetries(live(), attempt, rules))).toMatchObject({
      reason: { name: 'Error', message: '4' },
    });
    expect(times).toHaveLength(4);
  });

  it('does not try a failure again that does not pass', async () => {
    const failure = new Error('for good');
    const { attempt, times } = createAttempt(passing('1'), failure);
    expect(await settle(withRetries(live(), attempt, rules))).toMatchObject({ reason: failure });
    expect(times).toHaveLength(2);
  });

  it('starts over after progress', async () => {
    let attempts = 0;
    const result = withRetries(
      live(),
      async ({ progressed }) => {
        attempts++;
        if (attempts === 12) return 'done';
        if (attempts % 3 === 0) progressed();
        throw passing(String(attempts));
      },
      rules,
    );
    expect(await settle(result)).toMatchObject({ value: 'done' });
  });

  it('pauses from the beginning again after progress', async () => {
    const times: number[] = [];
    const result = withRetries(
      live(),
      async ({ progressed }) => {
        times.push(Date.now());
        if (times.length === 5) return 'done';
        if (times.length === 3) progressed();
        throw passing('');
      },
      rules,
    );
    await settle(result);
    expect(times.map((time, index) => time - (times[index - 1] ?? 0))).toEqual([0, 75, 150, 75, 150]);
  });
});

describe('a pause that the server wants', () => {
  it('is kept where it is longer than the own', async () => {
    const { attempt, times } = createAttempt(passing('1', 7000), passing('2', 10));
    expect(await settle(withRetries(live(), attempt, rules))).toMatchObject({ value: 'done' });
    expect(times).toEqual([0, 7000, 7150]);
  });

  it('is kept up to the longest', async () => {
    const { attempt, times } = createAttempt(passing('1', 30_000));
    expect(await settle(withRetries(live(), attempt, rules))).toMatchObject({ value: 'done' });
    expect(times).toEqual([0, 30_000]);
  });

  it('that is too long ends it: the caller should hear of it', async () => {
    const { attempt, times } = createAttempt(passing('busy', 30_001));
    expect(await settle(withRetries(live(), attempt, rules))).toMatchObject({ reason: { message: 'busy' } });
    expect(times).toEqual([0]);
  });
});

it('does not wait for a browser that is offline', async () => {
  const offline = createAttempt(passing('offline'));
  vi.stubGlobal('navigator', { onLine: false });
  expect(await settle(withRetries(live(), offline.attempt, rules))).toMatchObject({ reason: { message: 'offline' } });
  const online = createAttempt(passing('offline'));
  vi.stubGlobal('navigator', { onLine: true });
  expect(await settle(withRetries(live(), online.attempt, rules))).toMatchObject({ value: 'done' });
});

describe('an abort', () => {
  it('in an attempt ends it with the reason, whatever the attempt failed with', async () => {
    const controller = new AbortController();
    const attempt = vi.fn(async () => {
      controller.abort('enough');
      throw passing('broken');
    });
    expect(await settle(withRetries(controller.signal, attempt, rules))).toMatchObject({ reason: 'enough' });
    expect(attempt).toHaveBeenCalledOnce();
  });

  it('in a pause ends it at once', async () => {
    const controller = new AbortController();
    const { attempt, times } = createAttempt(passing('1'));
    const result = withRetries(controller.signal, attempt, rules);
    const ended = Promise.allSettled([result]);
    await vi.advanceTimersByTimeAsync(20);
    controller.abort('enough');
    expect(await ended).toEqual([{ status: 'rejected', reason: 'enough' }]);
    expect(times).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not listened for when it is over', async () => {
    const { signal } = new AbortController();
    const { attempt } = createAttempt(passing('1'), passing('2'));
    await settle(withRetries(signal, attempt, rules));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
