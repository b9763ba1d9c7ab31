import { describe, expect, it } from 'vitest';
import { addTime, createRunTally } from './run-tally.ts';

describe('a tally', () => {
  it('begins with nothing', () => {
    const none = { count: 0, last: 0, mean: 0, max: 0 };
    expect(createRunTally()).toEqual({
      answered: 0,
      failed: 0,
      aborted: { queued: 0, step: 0, terminated: 0 },
      loads: 0,
      wait: none,
      run: none,
      load: none,
    });
  });

  it('has times of its own', () => {
    const tally = createRunTally();
    addTime(tally.run, 5);
    expect([tally.wait.count, tally.load.count, createRunTally().run.count]).toEqual([0, 0, 0]);
  });

  it('knows the last, the mean and the longest time', () => {
    const { run } = createRunTally();
    addTime(run, 10);
    expect(run).toEqual({ count: 1, last: 10, mean: 10, max: 10 });
    addTime(run, 40);
    addTime(run, 10);
    expect(run).toEqual({ count: 3, last: 10, mean: 20, max: 40 });
  });
});
