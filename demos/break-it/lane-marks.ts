import type { WorkerState } from 'insitu';
import { shape } from '../shared/parts.ts';
import { cross } from './call-marks.ts';
import type { ChartLayer } from './chart-layer.ts';
import type { ChartPlan } from './chart-plan.ts';
import type { LaneWorker } from './worker-lanes.ts';

export interface LaneMarks extends ChartLayer {
  /** Draws a worker as it is now. */
  show(worker: Readonly<LaneWorker>): void;
}

interface LaneMark {
  group: SVGGElement;
  /** Of the state that lasts, since then. */
  bar?: SVGRectElement;
  since?: number;
  isDead?: boolean;
}

const heights: Record<Exclude<WorkerState, 'dead'>, number> = { starting: 8, ready: 2, busy: 10, draining: 2 };
/** A call of a millisecond should be seen. */
const leastWidth = 1.5;

/** A bar for each worker, as long as it lives, which shows its states. */
export function createLaneMarks(place: SVGGElement, plan: ChartPlan, x: (time: number) => number): LaneMarks {
  const marks = new Map<number, LaneMark>();

  const start = (worker: Readonly<LaneWorker>): LaneMark => {
    const group = shape('g', { class: 'lane', 'data-worker': worker.number });
    const name = shape('text', { class: 'lane-number', x: x(worker.since) + 1, y: plan.lanes.y(worker.lane) - 7 });
    name.textContent = `#${worker.number}`;
    group.append(name);
    place.append(group);
    const mark = { group };
    marks.set(worker.number, mark);
    return mark;
  };

  const stretch = ({ bar, since }: LaneMark, to: number): void => {
    if (bar) bar.setAttribute('width', String(Math.max(leastWidth, x(to) - x(since!))));
  };

  return {
    show(worker) {
      const mark = marks.get(worker.number) ?? start(worker);
      const { state, since, lane, code } = worker;
      if (code) mark.group.dataset.code = code;
      if (mark.since === since) return;
      stretch(mark, since);
      mark.since = since;
      const y = plan.lanes.y(lane);
      if (state === 'dead') {
        delete mark.bar;
        mark.isDead = true;
        mark.group.dataset.state = state;
        mark.group.append(cross(x(since), y));
        return;
      }
      const height = heights[state];
      mark.bar = shape('rect', { x: x(since), y: y - height / 2, height, width: leastWidth, rx: 1 });
      mark.bar.dataset.state = state;
      mark.group.append(mark.bar);
    },
    extend(now) {
      for (const mark of marks.values()) stretch(mark, now);
    },
    prune(before) {
      for (const [number, { group, bar, since, isDead }] of marks) {
        if (isDead && since! < before) {
          group.remove();
          marks.delete(number);
          continue;
        }
        for (const old of group.querySelectorAll('rect')) {
          const end = Number(old.getAttribute('x')) + Number(old.getAttribute('width'));
          if (old !== bar && end < x(before)) old.remove();
        }
      }
    },
  };
}
