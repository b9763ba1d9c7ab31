import { expect, it } from 'vitest';
import type { WorkProgress } from '../../protocol/weights-api.ts';
import { createWorkReport } from './work-report.ts';

function createWatched(total: number) {
  const reports: WorkProgress[] = [];
  const clock = { now: 0 };
  const work = createWorkReport(
    total,
    (progress) => reports.push(progress),
    () => clock.now,
  );
  return { work, reports, clock };
}

it('reports at once, then at most every 50 ms, and the end', () => {
  const { work, reports, clock } = createWatched(100);
  for (let step = 0; step < 100; step++) {
    work.add(1);
    clock.now += 1;
  }
  expect(reports).toEqual([
    { loaded: 1, total: 100, progress: 0.01 },
    { loaded: 51, total: 100, progress: 0.51 },
    { loaded: 100, total: 100, progress: 1 },
  ]);
});

it('is done where there is nothing to do', () => {
  const { work, reports } = createWatched(0);
  work.add(0);
  expect(reports).toEqual([{ loaded: 0, total: 0, progress: 1 }]);
});
