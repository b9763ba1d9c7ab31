import type { AttackRun } from './attack-runs.ts';
import type { Call } from './calls.ts';
import { narrowPlan, widePlan } from './chart-plan.ts';
import { type TimelineChart, createTimelineChart } from './timeline-chart.ts';
import type { LaneWorker } from './worker-lanes.ts';

/** Longer than the widest chart shows, in milliseconds. */
const remembered = 60_000;

/** A chart laid out for the screen as it is: when that becomes narrow or wide, the same is drawn anew. */
export function createScreenChart(svg: SVGSVGElement): Omit<TimelineChart, 'end'> {
  const isNarrow = matchMedia('(max-width: 640px)');
  const origin = performance.now();
  const calls = new Set<Call>();
  const runs = new Set<AttackRun>();
  let workers: LaneWorker[] = [];
  let latest: number | undefined;
  let forgotten = origin;

  const create = (): TimelineChart => createTimelineChart(svg, isNarrow.matches ? narrowPlan : widePlan, origin);
  let chart = create();

  const forget = (now: number): void => {
    const before = now - remembered;
    for (const call of calls) if ((call.settledAt ?? now) < before) calls.delete(call);
    for (const run of runs) if (run.over && (run.againAt ?? 0) < before) runs.delete(run);
    // What a worker is now began perhaps long ago.
    const lasts = new Set(new Map(workers.map((worker) => [worker.number, worker])).values());
    workers = workers.filter((worker) => worker.since >= before || (lasts.has(worker) && worker.state !== 'dead'));
    forgotten = now;
  };

  isNarrow.addEventListener('change', () => {
    chart.end();
    chart = create();
    for (const worker of workers) chart.showWorker(worker);
    for (const call of calls) chart.showCall(call);
    for (const run of runs) chart.showRun(run);
    if (latest !== undefined) chart.showLatest(latest);
    chart.draw(performance.now());
  });

  return {
    showCall(call) {
      calls.add(call);
      chart.showCall(call);
    },
    showWorker(worker) {
      const asItIs = { ...worker };
      workers.push(asItIs);
      chart.showWorker(asItIs);
    },
    showRun(run) {
      runs.add(run);
      chart.showRun(run);
    },
    showLanes: (names) => chart.showLanes(names),
    showLatest(milliseconds) {
      latest = milliseconds;
      chart.showLatest(milliseconds);
    },
    draw(now) {
      chart.draw(now);
      if (now - forgotten > remembered / 4) forget(now);
    },
  };
}
